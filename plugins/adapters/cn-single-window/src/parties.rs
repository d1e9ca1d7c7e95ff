//! Parties: their names in Chinese and English, and the numbers they are known
//! by.

use ecert_sdk::adapter::Field;
use ecert_sdk::model::parts::{Address, Party};

use crate::lists::{CUSTOMS_REGISTRATION, INSPECTION_REGISTRATION, SOCIAL_CREDIT};
use crate::message::Node;

/// The names of the members that hold a party; empty where there is none.
#[derive(Default)]
struct Members {
    chinese: &'static str,
    english: &'static str,
    customs: &'static str,
    credit: &'static str,
    inspection: &'static str,
    /// A number under a partner's own scheme.
    foreign: &'static str,
    address: &'static str,
}

/// Who trades in China: the consignee of imports, the consignor of exports.
pub(crate) fn domestic_trader(head: Node<'_>) -> Option<Party> {
    party(
        head,
        &Members {
            chinese: "TradeName",
            english: "DomesticConsigneeEname",
            customs: "TradeCode",
            credit: "TradeCoScc",
            inspection: "TradeCiqCode",
            ..Members::default()
        },
    )
}

/// Who uses imports, or made or sold exports.
pub(crate) fn owner(head: Node<'_>) -> Option<Party> {
    party(
        head,
        &Members {
            chinese: "OwnerName",
            customs: "OwnerCode",
            credit: "OwnerCodeScc",
            inspection: "OwnerCiqCode",
            ..Members::default()
        },
    )
}

/// Who declares.
pub(crate) fn declarant(head: Node<'_>) -> Option<Party> {
    party(
        head,
        &Members {
            chinese: "AgentName",
            customs: "AgentCode",
            credit: "AgentCodeScc",
            inspection: "DeclCiqCode",
            ..Members::default()
        },
    )
}

/// Who sends imports from abroad.
pub(crate) fn overseas_consignor(head: Node<'_>) -> Option<Party> {
    party(
        head,
        &Members {
            chinese: "OverseasConsignorCname",
            english: "OverseasConsignorEname",
            foreign: "OverseasConsignorCode",
            address: "OverseasConsignorAddr",
            ..Members::default()
        },
    )
}

/// Who receives exports abroad.
pub(crate) fn overseas_consignee(head: Node<'_>) -> Option<Party> {
    party(
        head,
        &Members {
            chinese: "OverseasConsigneeCname",
            english: "OverseasConsigneeEname",
            foreign: "OverseasConsigneeCode",
            ..Members::default()
        },
    )
}

fn party(head: Node<'_>, members: &Members) -> Option<Party> {
    let filled = |name: &str| head.filled(name).filter(|_| !name.is_empty());
    let names = [(members.chinese, "zh"), (members.english, "en")];
    let numbers = [
        (members.customs, Some(CUSTOMS_REGISTRATION)),
        (members.credit, Some(SOCIAL_CREDIT)),
        (members.inspection, Some(INSPECTION_REGISTRATION)),
        (members.foreign, None),
    ];
    let address = filled(members.address);
    let found = names.iter().map(|(name, _)| name).chain(numbers.iter().map(|(name, _)| name));
    let place = found.filter_map(|name| filled(name)).chain(address).map(Field::place).min()?;
    Some(Party {
        names: names.iter().filter_map(|(name, tag)| Some(filled(name)?.spoken(Some(*tag)))).collect(),
        identifiers: numbers
            .iter()
            .filter_map(|(name, scheme)| Some(filled(name)?.identifier(*scheme)))
            .collect(),
        address: address.map(|address| Address {
            lines: vec![address.text().into()],
            place: address.place(),
            ..Address::default()
        }),
        place,
        ..Party::default()
    })
}
