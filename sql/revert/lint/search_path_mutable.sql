-- Revert qryvanta:lint/search_path_mutable from pg

begin;

drop view lint.search_path_mutable;

commit;
