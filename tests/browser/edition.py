"""An edition whose every text tries to break out of where it is shown."""

from khobor import article, section

HOSTILE = "<script>alert(1)</script>\"'&]]>--\u202eab\u202c😀{{x}}"
LONG = "দীর্ঘশব্দ" * 40  # 360 letters without a space
TAGS = ["a/b?c#d%e f", HOSTILE, "..", "?", "%00", LONG[:90], "a & b", "😀"]
MARKDOWN = f"""<script>alert(1)</script>

# {HOSTILE}

[a](javascript:alert(1)) ![b](javascript:alert(1)) ![c](data:text/html,x) <iframe src="x">

{LONG} ]]> -- <!-- <![CDATA[

| a | b |

1. {HOSTILE}

> {HOSTILE}

```html
</script></textarea><plaintext>
```

###### {HOSTILE}

&#1; &#0; &#xFFFE; &#xFFFF; &#x85; &lt;script&gt; [x](/y "{HOSTILE[:5]}") ![](/z.png)
"""


def hostile_records():
    yield section("দেশ", HOSTILE)
    yield section("plain", LONG[:80])
    yield article("nothing-but-a-headline", "দেশ", headline=HOSTILE, body="")
    yield article("everything", "plain", headline=HOSTILE + LONG, kicker=HOSTILE,
                  standfirst=HOSTILE * 3, desk=HOSTILE, authors=[HOSTILE, LONG[:90], "a/b"],
                  credits=[HOSTILE, "]]>"], tags=TAGS, body=MARKDOWN,
                  updated_at="2024-04-16T18:00:00+06:00",
                  image={"url": "https://khobor.example/a.jpg?b=\"<c>&d='e'", "alt": HOSTILE,
                         "caption": HOSTILE, "credit": HOSTILE})
    for number in range(12):
        yield article(f"hostile-{number}", "দেশ" if number % 2 else "plain",
                      headline=HOSTILE + str(number), body=MARKDOWN, tags=TAGS[:3],
                      language="en" if number % 3 == 0 else "bn")
