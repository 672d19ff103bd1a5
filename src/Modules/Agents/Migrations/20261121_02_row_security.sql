alter table agents.note enable row level security;
create policy own_rows on agents.note to jeantrail_person using (user_id = kernel.person());

alter table agents.reminder enable row level security;
create policy own_rows on agents.reminder to jeantrail_person using (user_id = kernel.person());
