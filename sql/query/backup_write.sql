-- Writes a copy of the database, as one read transaction sees it, to an empty file.
VACUUM INTO :path;
