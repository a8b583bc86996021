"""Files in and out: CSV to records by way of a staging table and COPY, records to CSV and NDJSON."""
