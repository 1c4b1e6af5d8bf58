window.YTD.tweet.part0 = [
 {
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
  "favorite_count": "3",
  "id_str": "1101468498042270001",
  "truncated": false,
  "retweet_count": "1",
  "id": "1101468498042270001",
  "created_at": "Fri Mar 01 09:00:00 +0000 2019",
  "favorited": false,
  "full_text": "Bonjour de 2019",
  "lang": "fr"
 }
]
