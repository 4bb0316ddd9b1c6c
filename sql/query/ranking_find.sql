SELECT entries FROM rankings WHERE section_id = :section_id AND chart = :chart AND hour = :hour;
