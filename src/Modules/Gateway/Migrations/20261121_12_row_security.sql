alter table gateway.default_model enable row level security;
create policy own_rows on gateway.default_model to jeantrail_person using (user_id = kernel.person());

alter table gateway.usage enable row level security;
create policy own_rows on gateway.usage to jeantrail_person using (user_id = kernel.person());

alter table gateway.call_body enable row level security;
create policy own_rows on gateway.call_body to jeantrail_person using (user_id = kernel.person());

alter table gateway.virtual_key enable row level security;
create policy own_rows on gateway.virtual_key to jeantrail_person using (user_id = kernel.person());

-- Keys of providers and kept replies are the server's: people's requests get at what is in them through it alone.
revoke all on gateway.provider_key, gateway.reply from jeantrail_person;
