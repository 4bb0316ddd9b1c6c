DELETE FROM changes WHERE seq <= :seq;
