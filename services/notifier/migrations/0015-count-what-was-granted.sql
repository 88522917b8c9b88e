-- What was granted of late: with it no second holds more than the contract, however long a turn takes (domain/account-bucket.ts). The three
-- arrays are one list; instants are milliseconds since 1970. short_at: when less was there than was wanted.
alter table account_bucket
  add column short_at      double precision,
  add column granted_at    double precision[] not null default '{}',
  add column granted_parts double precision[] not null default '{}',
  add column left_by       double precision[] not null default '{}';
