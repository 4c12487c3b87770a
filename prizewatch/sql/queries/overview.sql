-- Where the register begins, how many organizers it lists, what it is called.
SELECT (SELECT min(month) FROM mart.month WHERE disputes > 0) AS first_month,
       (SELECT count(*) FROM mart.organizer WHERE publication = 'listed') AS organizers_listed,
       (SELECT max(title) FROM meta.register) AS title;
