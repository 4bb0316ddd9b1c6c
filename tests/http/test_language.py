"""Dates and numbers in the paper's language: two languages, both calendars, any zone."""

import pytest
from khobor import article, section

TODAY = {
    ("2024-04-16 06:00:00", "bn"): ("2024-04-16", "মঙ্গলবার, ১৬ এপ্রিল ২০২৪", (1431, 1, 3),
                                    "৩ বৈশাখ ১৪৩১"),
    ("2024-04-16 06:00:00", "en"): ("2024-04-16", "Tuesday, 16 April 2024", (1431, 1, 3),
                                    "3 Boishakh 1431"),
    ("2024-04-13 18:00:00", "bn"): ("2024-04-14", "রবিবার, ১৪ এপ্রিল ২০২৪", (1431, 1, 1),
                                    "১ বৈশাখ ১৪৩১"),
    ("2024-04-13 17:59:30", "bn"): ("2024-04-13", "শনিবার, ১৩ এপ্রিল ২০২৪", (1430, 12, 30),
                                    "৩০ চৈত্র ১৪৩০"),
    ("2024-02-21 12:00:00", "bn"): ("2024-02-21", "বুধবার, ২১ ফেব্রুয়ারি ২০২৪", (1430, 11, 8),
                                    "৮ ফাল্গুন ১৪৩০"),
    ("2024-03-14 12:00:00", "en"): ("2024-03-14", "Thursday, 14 March 2024", (1430, 11, 30),
                                    "30 Falgun 1430"),
    ("2023-03-14 12:00:00", "en"): ("2023-03-14", "Tuesday, 14 March 2023", (1429, 11, 29),
                                    "29 Falgun 1429"),
    ("2023-12-16 12:00:00", "bn"): ("2023-12-16", "শনিবার, ১৬ ডিসেম্বর ২০২৩", (1430, 9, 1),
                                    "১ পৌষ ১৪৩০"),
    ("2024-01-01 12:00:00", "en"): ("2024-01-01", "Monday, 1 January 2024", (1430, 9, 17),
                                    "17 Poush 1430"),
    ("2018-10-16 12:00:00", "en"): ("2018-10-16", "Tuesday, 16 October 2018", (1425, 7, 1),
                                    "1 Kartik 1425"),
    ("2019-10-16 12:00:00", "en"): ("2019-10-16", "Wednesday, 16 October 2019", (1426, 6, 31),
                                    "31 Ashwin 1426"),
    ("2024-08-16 12:00:00", "bn"): ("2024-08-16", "শুক্রবার, ১৬ আগস্ট ২০২৪", (1431, 5, 1),
                                    "১ ভাদ্র ১৪৩১"),
}


@pytest.mark.clock
@pytest.mark.parametrize("moment, language, expected", [
    (*key, value) for key, value in TODAY.items()], ids=str)
def test_today_is_told_in_both_calendars(paper, moment, language, expected):
    """Ashwin has 31 days since 1426; Falgun has 30 in a leap year."""
    today = paper.serve({"site.language": language},
                        clock="@" + moment).read("/api/v1/site")["today"]
    date, text, (year, month, day), bangla_text = expected
    assert today == {"date": date, "text": text,
                     "bangla": {"year": year, "month": month, "day": day},
                     "bangla_text": bangla_text}


@pytest.mark.clock
@pytest.mark.parametrize("zone, date, text", [
    ("Asia/Dhaka", "2024-04-17", "Wednesday, 17 April 2024"),
    ("Asia/Kolkata", "2024-04-17", "Wednesday, 17 April 2024"),
    ("UTC", "2024-04-16", "Tuesday, 16 April 2024"),
    ("America/New_York", "2024-04-16", "Tuesday, 16 April 2024"),
    ("Pacific/Kiritimati", "2024-04-17", "Wednesday, 17 April 2024")])
def test_today_is_the_day_of_the_papers_zone(paper, zone, date, text):
    today = paper.serve({"site.language": "en", "site.timezone": zone},
                        clock="@2024-04-16 20:00:00").read("/api/v1/site")["today"]
    assert (today["date"], today["text"]) == (date, text)


@pytest.mark.clock
def test_the_bangla_calendar_is_null_before_it_had_one_rule(paper):
    server = paper.serve(clock="@1986-12-31 12:00:00")
    today = server.read("/api/v1/site")["today"]
    assert list(today) == ["date", "text", "bangla", "bangla_text"]
    assert (today["date"], today["bangla"], today["bangla_text"]) == ("1986-12-31", None, None)


TIMES = {
    ("bn", "Asia/Dhaka"): ("2024-04-16T17:10:05+06:00", "১৬ এপ্রিল ২০২৪, ১৭:১০"),
    ("en", "Asia/Dhaka"): ("2024-04-16T17:10:05+06:00", "16 April 2024, 17:10"),
    ("en", "UTC"): ("2024-04-16T11:10:05+00:00", "16 April 2024, 11:10"),
    ("en", "Asia/Kolkata"): ("2024-04-16T16:40:05+05:30", "16 April 2024, 16:40"),
    ("bn", "America/New_York"): ("2024-04-16T07:10:05-04:00", "১৬ এপ্রিল ২০২৪, ০৭:১০"),
    ("en", "America/St_Johns"): ("2024-04-16T08:40:05-02:30", "16 April 2024, 08:40"),
    ("en", "Pacific/Kiritimati"): ("2024-04-17T01:10:05+14:00", "17 April 2024, 01:10"),
}


@pytest.mark.parametrize("language, zone", TIMES, ids=str)
def test_times_have_a_text_in_the_papers_language_and_zone(paper, language, zone):
    server = paper.load([section(), article("a", published_at="2024-04-16T11:10:05Z",
                                            updated_at="2024-04-16T11:10:05Z")]).serve(
        {"site.language": language, "site.timezone": zone})
    card = server.read("/api/v1/articles")["items"][0]
    time, text = TIMES[language, zone]
    assert (card["published_at"], card["published_text"]) == (time, text)
    assert (card["updated_at"], card["updated_text"]) == (time, text)


MONTHS = ["জানুয়ারি", "ফেব্রুয়ারি", "মার্চ", "এপ্রিল", "মে", "জুন", "জুলাই", "আগস্ট",
          "সেপ্টেম্বর", "অক্টোবর", "নভেম্বর",
          "ডিসেম্বর"]


def test_every_month_has_its_name(paper):
    records = [section(), *(article(f"m{month}", published_at=f"2023-{month:02}-01T06:00:00Z")
                            for month in range(1, 13))]
    cards = paper.load(records).serve().read("/api/v1/articles")["items"]
    assert [card["published_text"].split()[1] for card in cards[::-1]] == MONTHS


def test_winter_time_and_summer_time_are_told_apart(paper):
    times = ["2024-03-31T00:59:59Z", "2024-03-31T01:00:00Z", "2024-10-27T00:59:59Z",
             "2024-10-27T01:00:00Z"]
    server = paper.load([section(), *(article(f"a{i}", published_at=time)
                                      for i, time in enumerate(times))]).serve(
        {"site.timezone": "Europe/Berlin"})
    assert [card["published_at"] for card in server.read("/api/v1/articles")["items"]][::-1] == [
        "2024-03-31T01:59:59+01:00", "2024-03-31T03:00:00+02:00", "2024-10-27T02:59:59+02:00",
        "2024-10-27T02:00:00+01:00"]
