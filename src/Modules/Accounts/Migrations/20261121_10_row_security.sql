alter table accounts.user enable row level security;
create policy own_rows on accounts.user to jeantrail_person using (user_id = kernel.person());

alter table accounts.session enable row level security;
create policy own_rows on accounts.session to jeantrail_person using (user_id = kernel.person());

alter table accounts.preference enable row level security;
create policy own_rows on accounts.preference to jeantrail_person using (user_id = kernel.person());

alter table accounts.proof enable row level security;
create policy own_rows on accounts.proof to jeantrail_person using (user_id = kernel.person());

alter table accounts.totp enable row level security;
create policy own_rows on accounts.totp to jeantrail_person using (user_id = kernel.person());

alter table accounts.recovery_code enable row level security;
create policy own_rows on accounts.recovery_code to jeantrail_person using (user_id = kernel.person());

alter table accounts.sign_in_ticket enable row level security;
create policy own_rows on accounts.sign_in_ticket to jeantrail_person using (user_id = kernel.person());

-- Nobody's: how the server is set up and what was tried at its door.
revoke all on accounts.owner_setup, accounts.erased from jeantrail_person;

alter table accounts.api_key enable row level security;
create policy own_rows on accounts.api_key to jeantrail_person using (user_id = kernel.person());

alter table accounts.refresh_token enable row level security;
create policy own_rows on accounts.refresh_token to jeantrail_person using (
    exists (select from accounts.session s where s.session_id = refresh_token.session_id and s.user_id = kernel.person()));

alter table accounts.deletion enable row level security;
create policy own_rows on accounts.deletion to jeantrail_person using (user_id = kernel.person());

alter table accounts.ceremony enable row level security;
create policy own_rows on accounts.ceremony to jeantrail_person using (user_id = kernel.person());

alter table accounts.passkey enable row level security;
create policy own_rows on accounts.passkey to jeantrail_person using (user_id = kernel.person());

alter table accounts.external_identity enable row level security;
create policy own_rows on accounts.external_identity to jeantrail_person using (user_id = kernel.person());

alter table accounts.quota_use enable row level security;
create policy own_rows on accounts.quota_use to jeantrail_person using (user_id = kernel.person());

-- Shared by several people: those in a team see it here, and change it only through the endpoints that are about teams.
alter table accounts.team_member enable row level security;
create policy own_rows on accounts.team_member for select to jeantrail_person using (user_id = kernel.person());

alter table accounts.team enable row level security;
create policy own_teams on accounts.team for select to jeantrail_person using (
    exists (select from accounts.team_member m where m.team_id = team.team_id and m.user_id = kernel.person()));

alter table accounts.team_workspace enable row level security;
create policy own_teams on accounts.team_workspace for select to jeantrail_person using (
    exists (select from accounts.team_member m where m.team_id = team_workspace.team_id and m.user_id = kernel.person()));

alter table accounts.team_invitation enable row level security;
