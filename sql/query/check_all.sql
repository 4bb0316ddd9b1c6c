-- What SQLite finds wrong with the file; indexes are compared with their tables.
SELECT integrity_check AS finding FROM pragma_integrity_check(1) WHERE integrity_check <> 'ok';
