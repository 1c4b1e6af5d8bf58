"""The formats that are known: a module for each network or tool, registered by being here."""
