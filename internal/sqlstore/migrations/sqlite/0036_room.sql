-- Rows are changed in their place here. No tables change.
SELECT 1;
