-- Verify qryvanta:meta/choice on pg

select choice_list_id, app_id, name from meta.choice_list where false;
select choice_list_id, value, label, tone, applies_when from meta.choice where false;
