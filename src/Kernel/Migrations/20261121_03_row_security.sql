-- The second lock behind each statement's where: what runs for a person works as jeantrail_person (made before the first migration), and
-- the policies of each module's tables let that role reach the rows of the person it was told about, and no others.

-- Null where nobody was told: then no row is anybody's.
create function kernel.person() returns uuid language sql stable parallel safe
    as $$ select nullif(current_setting('jeantrail.person', true), '')::uuid $$;

-- Tables to come get these rights as they are made.
do $$
declare name text;
begin
    for name in select schema_name from kernel.migration union select 'kernel' loop
        execute format('grant usage on schema %I to jeantrail_person', name);
        execute format('grant select, insert, update, delete on all tables in schema %I to jeantrail_person', name);
        execute format('grant usage on all sequences in schema %I to jeantrail_person', name);
    end loop;
end
$$;

-- Written for a person, read by the server alone.
revoke all on kernel.migration, kernel.audit, kernel.mail from jeantrail_person;
grant insert on kernel.audit, kernel.mail to jeantrail_person;
grant select (position, hash) on kernel.audit to jeantrail_person;

alter table kernel.job enable row level security;
create policy own_rows on kernel.job to jeantrail_person
    using (owner_id = kernel.person()) with check (owner_id is null or owner_id = kernel.person());

alter table kernel.idempotency enable row level security;
create policy own_rows on kernel.idempotency to jeantrail_person using (user_id = kernel.person());
