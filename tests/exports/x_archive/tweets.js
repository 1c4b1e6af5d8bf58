window.YTD.tweets.part0 = [
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1741468498042270001"
     ],
     "editableUntil": "2026-08-30T10:00:00.000Z",
     "editsRemaining": "5",
     "isEditEligible": true
    }
   },
   "retweeted": false,
   "source": "<a href=\"https://mobile.example\" rel=\"nofollow\">Web App</a>",
   "entities": {
    "hashtags": [],
    "symbols": [],
    "user_mentions": [],
    "urls": [],
    "media": [
     {
      "expanded_url": "https://twitter.com/noria/status/1/photo/1",
      "url": "https://t.co/Pic",
      "type": "photo",
      "id_str": "99",
      "media_url_https": "https://pbs.example/x.jpg"
     }
    ]
   },
   "display_text_range": [
    "0",
    "10"
   ],
   "favorite_count": "12",
   "id_str": "1741468498042270001",
   "truncated": false,
   "retweet_count": "3",
   "id": "1741468498042270001",
   "created_at": "Sun Aug 30 14:36:59 +0000 2026",
   "favorited": false,
   "full_text": "Thé &amp; scones à 16 h https://t.co/Pic",
   "lang": "fr",
   "extended_entities": {
    "media": [
     {
      "expanded_url": "https://twitter.com/noria/status/1/photo/1",
      "url": "https://t.co/Pic",
      "type": "photo",
      "id_str": "99",
      "media_url_https": "https://pbs.example/x.jpg"
     }
    ]
   }
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1741468498042270002"
     ],
     "editableUntil": "2026-08-30T10:00:00.000Z",
     "editsRemaining": "5",
     "isEditEligible": true
    }
   },
   "retweeted": false,
   "source": "<a href=\"https://mobile.example\" rel=\"nofollow\">Web App</a>",
   "entities": {
    "hashtags": [],
    "symbols": [],
    "user_mentions": [],
    "urls": [],
    "media": [
     {
      "expanded_url": "https://twitter.com/noria/status/1/photo/1",
      "url": "https://t.co/Pic",
      "type": "photo",
      "id_str": "99",
      "media_url_https": "https://pbs.example/x.jpg"
     }
    ]
   },
   "display_text_range": [
    "0",
    "10"
   ],
   "favorite_count": "4",
   "id_str": "1741468498042270002",
   "truncated": false,
   "retweet_count": "1",
   "id": "1741468498042270002",
   "created_at": "Sat Aug 29 10:00:00 +0000 2026",
   "favorited": false,
   "full_text": "Deux photos https://t.co/Pic",
   "lang": "fr",
   "extended_entities": {
    "media": [
     {
      "expanded_url": "https://twitter.com/noria/status/1/photo/1",
      "url": "https://t.co/Pic",
      "type": "photo",
      "id_str": "99",
      "media_url_https": "https://pbs.example/x.jpg"
     },
     {
      "expanded_url": "https://twitter.com/noria/status/1/photo/2",
      "url": "https://t.co/Pic",
      "type": "photo",
      "id_str": "99",
      "media_url_https": "https://pbs.example/x.jpg"
     }
    ]
   }
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1741468498042270003"
     ],
     "editableUntil": "2026-08-30T10:00:00.000Z",
     "editsRemaining": "5",
     "isEditEligible": true
    }
   },
   "retweeted": false,
   "source": "<a href=\"https://mobile.example\" rel=\"nofollow\">Web App</a>",
   "entities": {
    "hashtags": [],
    "symbols": [],
    "user_mentions": [],
    "urls": [
     {
      "url": "https://t.co/Lnk",
      "expanded_url": "https://noria.example/lire",
      "display_url": "noria.example/lire",
      "indices": [
       "0",
       "23"
      ]
     }
    ]
   },
   "display_text_range": [
    "0",
    "10"
   ],
   "favorite_count": "2",
   "id_str": "1741468498042270003",
   "truncated": false,
   "retweet_count": "0",
   "id": "1741468498042270003",
   "created_at": "Fri Aug 28 10:00:00 +0000 2026",
   "favorited": false,
   "full_text": "Lire https://t.co/Lnk",
   "lang": "fr"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1741468498042270004"
     ],
     "editableUntil": "2026-08-30T10:00:00.000Z",
     "editsRemaining": "5",
     "isEditEligible": true
    }
   },
   "retweeted": false,
   "source": "<a href=\"https://mobile.example\" rel=\"nofollow\">Web App</a>",
   "entities": {
    "hashtags": [],
    "symbols": [],
    "user_mentions": [],
    "urls": [
     {
      "url": "https://t.co/Quo",
      "expanded_url": "https://twitter.com/bo/status/17",
      "display_url": "twitter.com/bo/status/17",
      "indices": [
       "0",
       "23"
      ]
     }
    ]
   },
   "display_text_range": [
    "0",
    "10"
   ],
   "favorite_count": "1",
   "id_str": "1741468498042270004",
   "truncated": false,
   "retweet_count": "0",
   "id": "1741468498042270004",
   "created_at": "Thu Aug 27 10:00:00 +0000 2026",
   "favorited": false,
   "full_text": "Bien dit https://t.co/Quo",
   "lang": "fr"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1741468498042270005"
     ],
     "editableUntil": "2026-08-30T10:00:00.000Z",
     "editsRemaining": "5",
     "isEditEligible": true
    }
   },
   "retweeted": false,
   "source": "<a href=\"https://mobile.example\" rel=\"nofollow\">Web App</a>",
   "entities": {
    "hashtags": [],
    "symbols": [],
    "user_mentions": [],
    "urls": []
   },
   "display_text_range": [
    "0",
    "10"
   ],
   "favorite_count": "1",
   "id_str": "1741468498042270005",
   "truncated": false,
   "retweet_count": "0",
   "id": "1741468498042270005",
   "created_at": "Thu Aug 27 10:05:00 +0000 2026",
   "favorited": false,
   "full_text": "Et la suite",
   "lang": "fr",
   "in_reply_to_status_id_str": "1741468498042270004",
   "in_reply_to_status_id": "1741468498042270004",
   "in_reply_to_user_id": "5",
   "in_reply_to_user_id_str": "5",
   "in_reply_to_screen_name": "noria_the"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1741468498042270006"
     ],
     "editableUntil": "2026-08-30T10:00:00.000Z",
     "editsRemaining": "5",
     "isEditEligible": true
    }
   },
   "retweeted": false,
   "source": "<a href=\"https://mobile.example\" rel=\"nofollow\">Web App</a>",
   "entities": {
    "hashtags": [],
    "symbols": [],
    "user_mentions": [],
    "urls": []
   },
   "display_text_range": [
    "0",
    "10"
   ],
   "favorite_count": "1",
   "id_str": "1741468498042270006",
   "truncated": false,
   "retweet_count": "0",
   "id": "1741468498042270006",
   "created_at": "Wed Aug 26 10:05:00 +0000 2026",
   "favorited": false,
   "full_text": "@bo merci !",
   "lang": "fr",
   "in_reply_to_status_id_str": "1741468498042270777",
   "in_reply_to_user_id_str": "6",
   "in_reply_to_screen_name": "bo"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1741468498042270007"
     ],
     "editableUntil": "2026-08-30T10:00:00.000Z",
     "editsRemaining": "5",
     "isEditEligible": true
    }
   },
   "retweeted": false,
   "source": "<a href=\"https://mobile.example\" rel=\"nofollow\">Web App</a>",
   "entities": {
    "hashtags": [],
    "symbols": [],
    "user_mentions": [],
    "urls": []
   },
   "display_text_range": [
    "0",
    "10"
   ],
   "favorite_count": "0",
   "id_str": "1741468498042270007",
   "truncated": false,
   "retweet_count": "9",
   "id": "1741468498042270007",
   "created_at": "Wed Aug 26 09:05:00 +0000 2026",
   "favorited": false,
   "full_text": "RT @bo: une tasse",
   "lang": "fr"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1741468498042270008"
     ],
     "editableUntil": "2026-08-30T10:00:00.000Z",
     "editsRemaining": "5",
     "isEditEligible": true
    }
   },
   "retweeted": false,
   "source": "<a href=\"https://mobile.example\" rel=\"nofollow\">Web App</a>",
   "entities": {
    "hashtags": [],
    "symbols": [],
    "user_mentions": [],
    "urls": [],
    "media": [
     {
      "expanded_url": "https://twitter.com/noria/status/1/photo/1",
      "url": "https://t.co/Pic",
      "type": "video",
      "id_str": "99",
      "media_url_https": "https://pbs.example/x.jpg"
     }
    ]
   },
   "display_text_range": [
    "0",
    "10"
   ],
   "favorite_count": "7",
   "id_str": "1741468498042270008",
   "truncated": false,
   "retweet_count": "2",
   "id": "1741468498042270008",
   "created_at": "Tue Aug 25 09:05:00 +0000 2026",
   "favorited": false,
   "full_text": "Regardez https://t.co/Pic",
   "lang": "fr",
   "extended_entities": {
    "media": [
     {
      "expanded_url": "https://twitter.com/noria/status/1/photo/1",
      "url": "https://t.co/Pic",
      "type": "video",
      "id_str": "99",
      "media_url_https": "https://pbs.example/x.jpg"
     }
    ]
   }
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1741468498042270009"
     ],
     "editableUntil": "2026-08-30T10:00:00.000Z",
     "editsRemaining": "5",
     "isEditEligible": true
    }
   },
   "retweeted": false,
   "source": "<a href=\"https://mobile.example\" rel=\"nofollow\">Web App</a>",
   "entities": {
    "hashtags": [],
    "symbols": [],
    "user_mentions": [],
    "urls": []
   },
   "display_text_range": [
    "0",
    "10"
   ],
   "favorite_count": "1",
   "id_str": "1741468498042270009",
   "truncated": false,
   "retweet_count": "0",
   "id": "1741468498042270009",
   "created_at": "hier",
   "favorited": false,
   "full_text": "Sans date",
   "lang": "fr"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1741468498042270010"
     ],
     "editableUntil": "2026-08-30T10:00:00.000Z",
     "editsRemaining": "5",
     "isEditEligible": true
    }
   },
   "retweeted": false,
   "source": "<a href=\"https://mobile.example\" rel=\"nofollow\">Web App</a>",
   "entities": {
    "hashtags": [],
    "symbols": [],
    "user_mentions": [],
    "urls": []
   },
   "display_text_range": [
    "0",
    "10"
   ],
   "favorite_count": "1.2K",
   "id_str": "1741468498042270010",
   "truncated": false,
   "retweet_count": "0",
   "id": "1741468498042270010",
   "created_at": "Tue Aug 25 08:05:00 +0000 2026",
   "favorited": false,
   "full_text": "Trop ?",
   "lang": "fr"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1741468498042270011"
     ],
     "editableUntil": "2026-08-30T10:00:00.000Z",
     "editsRemaining": "5",
     "isEditEligible": true
    }
   },
   "retweeted": false,
   "source": "<a href=\"https://mobile.example\" rel=\"nofollow\">Web App</a>",
   "entities": {
    "hashtags": [],
    "symbols": [],
    "user_mentions": [],
    "urls": []
   },
   "display_text_range": [
    "0",
    "10"
   ],
   "favorite_count": "1",
   "id_str": "1741468498042270011",
   "truncated": false,
   "retweet_count": "0",
   "id": "1741468498042270011",
   "created_at": "Tue Aug 25 07:05:00 +0000 2026",
   "favorited": false,
   "full_text": "Effacé",
   "lang": "fr",
   "deleted_at": "Tue Aug 25 08:00:00 +0000 2026"
  }
 }
]
