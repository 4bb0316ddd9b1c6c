-- Rows that refer to a row that is not there.
SELECT "table" AS finding FROM pragma_foreign_key_check;
