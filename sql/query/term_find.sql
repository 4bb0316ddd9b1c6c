SELECT id FROM terms WHERE kind = :kind AND key = :key;
