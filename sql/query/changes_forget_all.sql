DELETE FROM changes;
