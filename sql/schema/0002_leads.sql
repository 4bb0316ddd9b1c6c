-- The front page is led by the newest article that editors marked.
CREATE INDEX articles_lead ON articles (listed_at, id) WHERE lead = 1;
