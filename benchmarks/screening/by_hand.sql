-- The same 12 facts and 15 rules as an experienced person writes them for DuckDB: overlaps count
-- once, touching spells join, the last day is served, a gap in the file makes an answer unknown.
WITH spells AS (
  SELECT person, grade, unit_kind, "leading", grass_roots, unit_name, title, "start",
         least(coalesce("end", DATE '2024-06-30'), DATE '2024-06-30') + 1 AS until
  FROM posts WHERE "start" <= DATE '2024-06-30'
), reach AS (
  SELECT *,
    max(CASE WHEN grade = 'section_deputy' THEN until END) OVER w AS p_deputy,
    max(CASE WHEN grade = 'section_chief' THEN until END) OVER w AS p_chief,
    max(CASE WHEN unit_kind IN ('town', 'subdistrict') THEN until END) OVER w AS p_towns,
    max(CASE WHEN "leading" THEN until END) OVER w AS p_leading,
    max(CASE WHEN grass_roots THEN until END) OVER w AS p_roots
  FROM spells
  WINDOW w AS (PARTITION BY person ORDER BY "start"
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), islands AS (
  SELECT *,
    max(CASE WHEN grade = 'section_deputy' AND (p_deputy IS NULL OR "start" > p_deputy)
        THEN "start" END) OVER w AS i_deputy,
    max(CASE WHEN grade = 'section_chief' AND (p_chief IS NULL OR "start" > p_chief)
        THEN "start" END) OVER w AS i_chief,
    max(CASE WHEN unit_kind IN ('town', 'subdistrict') AND (p_towns IS NULL OR "start" > p_towns)
        THEN "start" END) OVER w AS i_towns,
    max(CASE WHEN "leading" AND (p_leading IS NULL OR "start" > p_leading)
        THEN "start" END) OVER w AS i_leading,
    max(CASE WHEN grass_roots AND (p_roots IS NULL OR "start" > p_roots)
        THEN "start" END) OVER w AS i_roots
  FROM reach
  WINDOW w AS (PARTITION BY person ORDER BY "start"
               ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
), service AS (
  SELECT person,
    sum(CASE WHEN grade = 'section_deputy' AND (p_deputy IS NULL OR until > p_deputy) THEN
      datesub('month', i_deputy, until)
      - CASE WHEN p_deputy IS NULL OR i_deputy > p_deputy THEN 0
             ELSE datesub('month', i_deputy, p_deputy) END ELSE 0 END) AS deputy,
    sum(CASE WHEN grade = 'section_chief' AND (p_chief IS NULL OR until > p_chief) THEN
      datesub('month', i_chief, until)
      - CASE WHEN p_chief IS NULL OR i_chief > p_chief THEN 0
             ELSE datesub('month', i_chief, p_chief) END ELSE 0 END) AS chief,
    sum(CASE WHEN unit_kind IN ('town', 'subdistrict') AND (p_towns IS NULL OR until > p_towns) THEN
      datesub('month', i_towns, until)
      - CASE WHEN p_towns IS NULL OR i_towns > p_towns THEN 0
             ELSE datesub('month', i_towns, p_towns) END ELSE 0 END) AS towns,
    sum(CASE WHEN "leading" AND (p_leading IS NULL OR until > p_leading) THEN
      datesub('month', i_leading, until)
      - CASE WHEN p_leading IS NULL OR i_leading > p_leading THEN 0
             ELSE datesub('month', i_leading, p_leading) END ELSE 0 END) AS "leading",
    sum(CASE WHEN grass_roots AND (p_roots IS NULL OR until > p_roots) THEN
      datesub('month', i_roots, until)
      - CASE WHEN p_roots IS NULL OR i_roots > p_roots THEN 0
             ELSE datesub('month', i_roots, p_roots) END ELSE 0 END) AS roots,
    count(DISTINCT CASE WHEN grade = 'section_deputy' THEN unit_name || ' ' || title END) AS variety,
    bool_or(grade IS NULL) AS grade_gap, bool_or(unit_kind IS NULL) AS kind_gap,
    bool_or("leading" IS NULL) AS leading_gap, bool_or(grass_roots IS NULL) AS roots_gap
  FROM islands GROUP BY person
), graded AS (
  SELECT person,
    count(DISTINCT year) FILTER (WHERE year >= 2021 AND grade = '优秀') AS excellent,
    count(DISTINCT year) FILTER (WHERE year >= 2021 AND grade IN ('优秀', '称职')) AS competent,
    count(DISTINCT year) FILTER (WHERE year >= 2021 AND grade IS NOT NULL) AS seen,
    min(CASE WHEN year = 2023 THEN CASE grade WHEN '优秀' THEN 3 WHEN '称职' THEN 2
        WHEN '基本称职' THEN 1 WHEN '不称职' THEN 0 END END) AS last
  FROM appraisals WHERE kind = 'annual' AND year <= 2023 GROUP BY person
), learnt AS (
  SELECT person, sum(days) AS trained, bool_or(days IS NULL) AS days_gap
  FROM trainings WHERE "end" <= DATE '2024-06-30' AND "end" >= DATE '2019-06-30' GROUP BY person
), facts AS (
  SELECT p.person, p.name, datesub('year', birth, DATE '2024-06-30') AS age,
    datesub('year', work_start, DATE '2024-06-30') AS service,
    s.* EXCLUDE (person), g.* EXCLUDE (person), coalesce(trained, 0) AS trained,
    least(3, greatest(0, 2023 - year(work_start))) AS due
  FROM persons p LEFT JOIN service s USING (person) LEFT JOIN graded g USING (person)
  LEFT JOIN learnt l USING (person)
), judged AS (
  SELECT *,
    age <= 45 AS r_age, age >= 25 AS r_young, service >= 5 AS r_service,
    CASE WHEN deputy >= 36 THEN true WHEN NOT grade_gap THEN false END AS r_deputy,
    CASE WHEN chief >= 24 THEN true WHEN NOT grade_gap THEN false END AS r_chief,
    CASE WHEN towns >= 24 THEN true WHEN NOT kind_gap THEN false END AS r_towns,
    CASE WHEN "leading" >= 12 THEN true WHEN NOT leading_gap THEN false END AS r_leading,
    CASE WHEN roots >= 24 THEN true WHEN NOT roots_gap THEN false END AS r_roots,
    CASE WHEN variety >= 2 THEN true WHEN NOT grade_gap THEN false END AS r_variety,
    CASE WHEN excellent >= 1 THEN true
         WHEN excellent + greatest(0, due - seen) < 1 THEN false END AS r_excellent,
    CASE WHEN competent >= 3 THEN true
         WHEN competent + greatest(0, due - seen) < 3 THEN false END AS r_competent,
    last >= 2 AS r_last, trained >= 30 AS r_trained,
    CASE WHEN towns >= 36 THEN true WHEN NOT kind_gap THEN false END AS more_towns
  FROM facts
)
SELECT person, name, age, service, deputy, chief, towns, "leading", roots, variety, excellent,
  competent, last, trained, grade_gap, kind_gap, r_age AS "age_", r_young AS young,
  r_service AS "service_", r_deputy AS "deputy_", r_chief AS "chief_", r_towns AS "towns_",
  r_leading AS "leading_", r_roots AS "roots_", r_variety AS "variety_",
  r_excellent AS "excellent_", r_competent AS "competent_", r_last AS "last_",
  r_trained AS "trained_", age <= 35 OR more_towns AS recent,
  r_chief AND r_towns AND age <= 50 AS "all",
  r_age AND r_young AND r_service AND r_deputy AND r_chief AND r_towns AND r_leading AND r_roots
    AND r_variety AND r_excellent AND r_competent AND r_last AND r_trained
    AND (age <= 35 OR more_towns) AND age <= 50 AS verdict
FROM judged
