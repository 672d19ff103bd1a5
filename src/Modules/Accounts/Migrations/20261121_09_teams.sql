create table accounts.team (
    team_id uuid primary key,
    name text not null,
    created_at timestamptz not null
);

create table accounts.team_member (
    team_id uuid not null references accounts.team on delete cascade,
    user_id uuid not null references accounts.user on delete cascade,
    role text not null check (role in ('owner', 'admin', 'member')),
    joined_at timestamptz not null,
    primary key (team_id, user_id)
);

create index team_member_user on accounts.team_member (user_id);

-- One owner a team, whoever hands it over at the same moment.
create unique index team_one_owner on accounts.team_member (team_id) where role = 'owner';

-- The token that goes with it is an accounts.proof whose subject is this id.
create table accounts.team_invitation (
    invitation_id uuid primary key,
    team_id uuid not null references accounts.team on delete cascade,
    email text not null,
    email_key text not null,
    role text not null check (role in ('admin', 'member')),
    invited_by uuid references accounts.user on delete set null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint team_invitation_address unique (team_id, email_key)
);

-- Other modules hang things on these by their id.
create table accounts.team_workspace (
    workspace_id uuid primary key,
    team_id uuid not null references accounts.team on delete cascade,
    name text not null,
    created_by uuid references accounts.user on delete set null,
    created_at timestamptz not null
);

create index team_workspace_team on accounts.team_workspace (team_id, created_at, workspace_id);
