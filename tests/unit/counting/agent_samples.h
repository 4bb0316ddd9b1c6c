/* User agents of programs and of browsers, and a check of one verdict. */
#ifndef KHOBOR_TESTS_AGENT_SAMPLES_H
#define KHOBOR_TESTS_AGENT_SAMPLES_H

#include "check.h"
#include "counting/agents.h"

#define WEBKIT "AppleWebKit/537.36 (KHTML, like Gecko) "
#define WINDOWS "Mozilla/5.0 (Windows NT 10.0; Win64; x64) " WEBKIT
#define MAC "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) " WEBKIT
#define LINUX "Mozilla/5.0 (X11; Linux x86_64) " WEBKIT
#define COMPATIBLE "Mozilla/5.0 (compatible; "
#define LIKE_CHROME(name) \
    "Mozilla/5.0 " WEBKIT "Chrome/131.0.0.0 Safari/537.36 (compatible; " name ")"
#define ANDROID "Mozilla/5.0 (Linux; Android 10; K) " WEBKIT
#define PHONE(model) "Mozilla/5.0 (Linux; Android 13; " model ") " WEBKIT
#define WEBVIEW(model) PHONE(model "; wv") "Version/4.0 Chrome/131.0.6778.104 Mobile Safari/537.36 "
#define APPLE "AppleWebKit/605.1.15 (KHTML, like Gecko) "
#define SAFARI "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) " APPLE
#define IPHONE "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1_1 like Mac OS X) " APPLE
#define NEXUS "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) " WEBKIT

static const char *const programs[] = {
    /* search engines */
    COMPATIBLE "Googlebot/2.1; +http://www.google.com/bot.html)",
    NEXUS "Chrome/131.0.6778.139 Mobile Safari/537.36 (compatible; Googlebot/2.1)",
    NEXUS "Chrome/131.0.6778.139 Mobile Safari/537.36 (compatible; Google-InspectionTool/1.0;)",
    "Mediapartners-Google",
    "FeedFetcher-Google; (+http://www.google.com/feedfetcher.html)",
    WINDOWS "Chrome/131.0.0.0 Safari/537.36 GoogleOther",
    LINUX "Chrome/49.0.2623.75 Safari/537.36 Google Favicon",
    LIKE_CHROME("bingbot/2.0; +http://www.bing.com/bingbot.htm"),
    IPHONE "Version/18.1 Mobile/15E148 Safari/604.1 BingPreview/1.0b",
    COMPATIBLE "YandexBot/3.0; +http://yandex.com/bots)",
    COMPATIBLE "YandexImages/3.0; +http://yandex.com/bots)",
    COMPATIBLE "Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)",
    COMPATIBLE "Yahoo! Slurp)",
    COMPATIBLE "SeznamBot/4.0; +http://napoveda.seznam.cz/seznambot-intro/)",
    "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
    SAFARI "Version/17.4 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
    "ia_archiver",
    /* language models */
    LIKE_CHROME("GPTBot/1.2; +https://openai.com/gptbot"),
    LIKE_CHROME("ChatGPT-User/1.0"),
    LIKE_CHROME("OAI-SearchBot/1.0; +https://openai.com/searchbot"),
    LIKE_CHROME("ClaudeBot/1.0; +claudebot@anthropic.com"),
    LIKE_CHROME("Claude-User/1.0; +Claude-User@anthropic.com"),
    LIKE_CHROME("Perplexity-User/1.0"),
    LIKE_CHROME("Amzn-User/0.1"),
    "Mozilla/5.0 (Linux; Android 5.0) " WEBKIT "Mobile Safari/537.36 (compatible; Bytespider; "
    "spider-feedback@bytedance.com)",
    "meta-externalagent/1.1",
    "CCBot/2.0 (https://commoncrawl.org/faq/)",
    "anthropic-ai",
    /* previews */
    "facebookexternalhit/1.1",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.24.23.78 A",
    "WhatsApp",
    "TelegramBot (like TwitterBot)",
    "Twitterbot/1.0",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    COMPATIBLE "Discordbot/2.0; +https://discordapp.com)",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Pinterest/0.2 (+https://www.pinterest.com/bot.html)",
    COMPATIBLE "Snap URL Preview Service; bot; snapchat)",
    "Viber/21.9 CFNetwork/1568.200.51 Darwin/24.1.0",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    LIKE_CHROME("Bluesky Cardyb/1.1; +mailto:support@bsky.app"),
    /* optimizers, monitors */
    COMPATIBLE "AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    COMPATIBLE "SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
    COMPATIBLE "MJ12bot/v1.4.8; http://mj12bot.com/)",
    "Screaming Frog SEO Spider/21.0",
    COMPATIBLE "UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
    ANDROID "Chrome/131.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse",
    LINUX "Chrome/117.0.0.0 Safari/537.36 GTmetrix",
    LINUX "Chrome/133.0.0.0 Safari/537.36 PTST/241203.190838",
    "StatusCake_Uptime_Checker/1.0",
    "check_http/v2.3.3 (nagios-plugins 2.3.3)",
    "kube-probe/1.31",
    "ELB-HealthChecker/2.0",
    "Prometheus/2.53.0",
    /* feeds */
    "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers)",
    "Tiny Tiny RSS/24.06 (https://tt-rss.org/)",
    "Feedbin feed-id:2005098 - 2 subscribers",
    /* libraries and the command line */
    "curl/8.11.0",
    "Wget/1.24.5",
    "python-requests/2.32.3",
    "Python-urllib/3.12",
    "Python/3.12 aiohttp/3.10.5",
    "python-httpx/0.27.2",
    "Go-http-client/2.0",
    "Java/21.0.5",
    "unirest-java/1.3.11 Java/1.8.0_412",
    "Apache-HttpClient/4.5.14 (Java/17.0.13)",
    "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
    "axios/1.7.9",
    "undici",
    "node",
    "got (https://github.com/sindresorhus/got)",
    "libwww-perl/6.77",
    "Ruby",
    "Faraday v2.12.0",
    "PHP/8.3.14",
    "GuzzleHttp/7",
    "WordPress/6.7.1; https://example.com",
    "HTTPie/3.2.4",
    "PostmanRuntime/7.43.0",
    "Scrapy/2.12.0 (+https://scrapy.org)",
    "colly - https://github.com/gocolly/colly/v2",
    "ApacheBench/2.3",
    "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.5129",
    "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
    /* nobody looks */
    LINUX "HeadlessChrome/131.0.0.0 Safari/537.36",
    LINUX "HeadlessChrome/120.0.0.0 Safari/537.36 Puppeteer",
    WINDOWS "Chrome/120.0.0.0 Safari/537.36 Playwright/1.40.0",
    "Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 PhantomJS/2.1.1 Safari/538.1",
    "Mozilla/5.0 (linux) " WEBKIT "jsdom/25.0.1",
    COMPATIBLE "Nmap Scripting Engine; https://nmap.org/book/nse.html)",
    "Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:Port Check)",
    "Mozilla/5.0 zgrab/0.x",
    "Mozilla/5.0",
    "mozilla/5.0 (compatible)",
    /* a program on a phone with "bot" in its name */
    PHONE("CUBOT P80") "Chrome/131.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1)",
    "Cubotbot/1.0",
};

#define FBAV ";FBAV/489.0.0.66.81;FBBV/657411822;FBDM/{density=2.8,width=1080,height=2340};"

static const char *const browsers[] = {
    WINDOWS "Chrome/131.0.0.0 Safari/537.36",
    MAC "Chrome/131.0.0.0 Safari/537.36",
    LINUX "Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) " WEBKIT "Chrome/131.0.0.0 Safari/537.36",
    ANDROID "Chrome/131.0.0.0 Mobile Safari/537.36",
    IPHONE "CriOS/131.0.6778.103 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0 reader-12-34",
    "Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0",
    IPHONE "FxiOS/133.0 Mobile/15E148 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.5.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:52.9) Gecko/20100101 Goanna/6.7 PaleMoon/33.4.1",
    SAFARI "Version/18.1.1 Safari/605.1.15",
    IPHONE "Version/18.1.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPad; CPU OS 12_5_7 like Mac OS X) " APPLE "Version/12.1.2 Mobile/15E148",
    WINDOWS "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
    ANDROID "Chrome/131.0.0.0 Mobile Safari/537.36 EdgA/131.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; .NET CLR 2.0.50727)",
    WINDOWS "Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0",
    "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/191.308; U; bn) Presto/2.12.423",
    "Opera/9.80 (Android; Opera Mini/36.2.2254/191.308; U; en) Presto/2.12.423 Version/12.16",
    "Opera/9.80 (MTK; Nucleus; Opera Mobi/4000; U; bn) Presto/2.5.28 Version/10.10",
    ANDROID "Chrome/123.0.0.0 Mobile Safari/537.36 OPR/84.0.0.0",
    PHONE("SAMSUNG SM-A145F") "SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; U; Android 10; en-US; RMX2185 Build/QP1A.190711.020) " WEBKIT
    "Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.4.0.1306 Mobile Safari/537.36",
    "UCWEB/2.0 (Java; U; MIDP-2.0; en-US; nokia110) U2/1.0.0 UCBrowser/9.5.0.449 U2/1.0.0",
    "Mozilla/5.0 (Mobile; Nokia 8110 4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
    "Nokia110/2.0 (03.33) Profile/MIDP-2.1 Configuration/CLDC-1.1 Mozilla/5.0",
    "SYMPHONY_D54i MAUI WAP Browser/MAUI (HTTP PGDL; HTTPS) Profile/MIDP-2.0",
    "Mozilla/5.0 (Linux; U; Android 4.0.4; en-us; Walton Primo Build/IMM76D) AppleWebKit/534.30 "
    "(KHTML, like Gecko) Version/4.0 Mobile Safari/534.30",
    WINDOWS "Chrome/131.0.0.0 Safari/537.36 Vivaldi/7.0.3495.23",
    IPHONE "Version/18.1 Mobile/15E148 Safari/604.1 Brave/1.73",
    PHONE("Redmi Note 12") "Chrome/131.0.0.0 Mobile DuckDuckGo/5 Safari/537.36",
    SAFARI "Version/18.1 Safari/605.1.15 Ddg/18.1",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) " APPLE "Mobile/15E148 DuckDuckGo/7",
    IPHONE "Version/17.4.1 Mobile/15E148 Safari/604.1 (Ecosia ios@9.2.3.1367)",
    WINDOWS "Chrome/128.0.0.0 YaBrowser/24.10.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; arm_64; Android 13; PHP110) " WEBKIT
    "Chrome/114.0.0.0 YaBrowser/23.7.0.271.00 SA/3 Mobile Safari/537.36",
    WINDOWS "coc_coc_browser/131.0.130 Chrome/125.0.6422.130 Safari/537.36",
    IPHONE "GSA/347.0.704437108 Mobile/15E148 Safari/604.1",
    IPHONE "Mobile/15E148 GoogleWv/1.0 (WKWebView) GeminiiOS/1.2026.2270600",
    WEBVIEW("V2029 Build/TP1A.220624.014"),
    WEBVIEW("SM-A055F") "[FB_IAB/FB4A" FBAV "FBLC/bn_BD;FBCR/Grameenphone;]",
    IPHONE "Mobile/22B91 [FBAN/FBIOS" FBAV "FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS]",
    "[FBAN/FB4A" FBAV "FBLC/bn_BD;FBCR/Robi;FBPN/com.facebook.katana;FBCA/arm64-v8a:;]",
    WEBVIEW("Pixel 10 Pro XL Build/CP1A.260305.018") "MetaIAB Facebook",
    WEBVIEW("22111317G") "Instagram 359.0.0.59.89 Android (33/13; 440dpi; 1080x2177; Xiaomi)",
    IPHONE "Mobile/21F79 Instagram 330.0.3.29.91 (iPhone14,3; iOS 17_5; en_IR@calendar=gregorian)",
    IPHONE "Mobile/15E148 [WhatsApp/2.24.23.78]",
    WEBVIEW("CPH2269") "Line/14.19.1/IAB",
    WEBVIEW("moto g14") "[Pinterest/Android]",
    IPHONE "Mobile/15E148 [LinkedInApp]/9.30.1188",
    IPHONE "Mobile/15E148 Twitter for iPhone/10.71",
    WEBVIEW("itel A665L") "trill_370405 BytedanceWebview/d8a21c6 musical_ly_370405 ByteLocale/en",
    IPHONE "Version/17.2 Mobile/15E148 Snapchat/13.17.0.52 (like Safari/604.1)",
    WEBVIEW("Infinix X6525") "Viber/23.8.0.2",
    WEBVIEW("TECNO KI5k") "CamScanner/6.77.0.2411180000",
    WEBVIEW("M2101K6G") "Flipboard/4.3.31/5519,4.3.31.5519",
    WEBVIEW("SM-S918B") "[Slack/24.11.30]",
    MAC "Slack/4.41.97 Chrome/130.0.6723.137 Electron/33.2.1 Safari/537.36",
    IPHONE "Mobile/15E148 MicroMessenger/8.0.54(0x18003631) NetType/WIFI Language/en",
    IPHONE "Version/17.2 Mobile/15E148 Safari/605.1 NAVER(inapp; search; 2000; 12.3.6; 14PRO)",
    "Mozilla/5.0 (X11; U; Linux x86_64; en-US) " WEBKIT "Chrome/95.0.0.0 Safari/537.36 Puffin/9",
    PHONE("M2004J19C") "Chrome/112.0.5615.136 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.20.0-gn",
    PHONE(
        "LYA-L29; HMSCore 6.14") "Chrome/114.0.5735.196 HuaweiBrowser/15.0.4 Mobile Safari/537.36",
    "Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) " WEBKIT "94.0.4606.31/7.0 TV Safari/537.36",
    "Mozilla/5.0 (Web0S; Linux/SmartTV) " WEBKIT
    "Chrome/108.0.5359.211 Safari/537.36 WebAppManager",
    "Mozilla/5.0 (Web0S; Linux/SmartTV) " WEBKIT "HbbTV/1.6.1 (+DRM; LGE/KTC/BOTECH; 58BSE9503;)",
    "Mozilla/5.0 (PlayStation; PlayStation 5/9.60) " APPLE "Version/13.0 Safari/605.1.15",
    "Mozilla/5.0 (Nintendo Switch; WebApplet) AppleWebKit/609.4 (KHTML, like Gecko) NF/6.0.3.25.1",
    PHONE("KFTRWI") "Silk/131.3.2 like Chrome/131.0.6778.81 Safari/537.36",
    "Mozilla/5.0 (X11; U; Linux armv7l like Android; en-us) AppleWebKit/531.2+ (KHTML, like Gecko) "
    "Version/5.0 Safari/533.2+ Kindle/3.0+",
    SAFARI, /* Apple Mail */
    "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/602.1 QuiteRSS/0.18.12 Safari/602.1",
    "Lynx/2.9.0dev.6 libwww-FM/2.14 SSL-MM/1.4.1 OpenSSL/1.1.1j-dev",
    "w3m/0.5.3+git20230121",
    "NetSurf/3.11 (Linux; x86_64)",
    "Dillo/3.1.1",
    "okhttp/4.12.0",
    "Khobor/1.0 CFNetwork/1568.200.51 Darwin/24.1.0",
    "Dart/3.5 (dart:io)",
    "Dalvik/2.1.0 (Linux; U; Android 13; SM-A145F Build/TP1A.220624.014)",
    PHONE("XBot Junior") "Chrome/87.0.4280.101 Mobile Safari/537.36",
    PHONE("CUBOT NOTE 50") "Chrome/131.0.0.0 Mobile Safari/537.36",
    PHONE("CUBOT_P40 Build/QP1A.190711.020") "Chrome/96.0.4664.104 Mobile Safari/537.36",
    "UCWEB/2.0 (MIDP-2.0; U; Adr 6.0; ru; Cubot_ECHO) U2/1.0.0 UCBrowser/9.9.0.543",
    PHONE("M bot 54") "Chrome/78.0.3904.96 Mobile Safari/537.36",
    PHONE("ruby") "Chrome/120.0.6099.280 Mobile Safari/537.36",
};

static inline struct agents *opened(void)
{
    struct agents *agents = NULL;
    check_status("open", agents_open(&agents), STATUS_OK);
    return agents;
}

static inline void check_agent(struct agents *agents, const char *agent, bool expected)
{
    check_number(agent, agents_is_bot(agents, agent), expected);
}

#endif
