//! The public check: who holds a certificate's number and code sees its
//! essential fields and where it stands.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Instant;

use ecert_model::certificates::Certificate;

use super::code::{digest, matches};
use super::records::{Listed, by_id, certificate, listed};
use super::{Export, ExportError, essential};
use crate::intake::number::normalise;
use crate::store::StoreError;

/// Wrong codes a minute from one address.
const WRONG: u32 = 20;

/// A certificate as the public sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Its number, status and other particulars.
    pub listed: Listed,
    /// Its essential fields: no person, no address, no trader.
    pub certificate: Certificate,
    /// Whether its validity has ended (UTC).
    pub expired: bool,
}

impl Export {
    /// Looks a certificate up by number and code, for somebody at an address.
    /// A wrong code and a number that was never issued are the same: none,
    /// after the same work.
    pub fn check(&self, address: IpAddr, number: &str, code: &str) -> Result<Option<Checked>, ExportError> {
        const SELECT: &str = "SELECT id, code FROM export_certificate WHERE number = $1 ORDER BY id";
        let from = network(address);
        let taken = self.wrong_codes.take(from, WRONG, 1, Instant::now());
        taken.map_err(|wait| ExportError::TooMany(u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX)))?;
        let number = normalise(number);
        let given = digest(&number, code);
        let rows = self.store.read(|transaction| transaction.query(SELECT, &[(&number).into()]))?;
        let mut opened = None;
        for row in &rows {
            if bool::from(matches(row.optional_bytes(1)?, &given)) {
                opened = Some(row.integer(0)?);
            }
        }
        let Some(id) = opened else { return Ok(None) };
        self.wrong_codes.give_back(&from, WRONG);
        let row = self.store.read(|transaction| -> Result<_, StoreError> { by_id(transaction, id) })?;
        let Some(row) = row else { return Ok(None) };
        let body = self.unpack(row.bytes(13)?)?;
        let certificate = essential(&certificate(&body)?);
        Ok(Some(Checked { listed: listed(&row)?, expired: expired(&certificate), certificate }))
    }
}

fn expired(certificate: &Certificate) -> bool {
    let end = certificate.validity.as_ref().and_then(|validity| validity.end);
    let today = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    end.is_some_and(|end| end.date.to_string() < today.to_string())
}

/// Who commands one IPv6 address commands its /64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => IpAddr::V4(four),
            None => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() >> 64 << 64)),
        },
        four @ IpAddr::V4(_) => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_network_count_together() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
