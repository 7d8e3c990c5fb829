"""What changes: capacity reports, holds, referrals, audit, roles. The only writer of the database."""
