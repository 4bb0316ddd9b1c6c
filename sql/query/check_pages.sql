-- What SQLite finds wrong with the file; each page is read, indexes are not compared.
SELECT quick_check AS finding FROM pragma_quick_check(1) WHERE quick_check <> 'ok';
