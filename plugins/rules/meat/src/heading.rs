//! What headings and subheadings of the Harmonized System (2022) say of the
//! species and the storage of meat.

use goods::species::Species::{
    self, Bovine, Camelid, Chicken, Duck, Equine, Goat, Goose, GuineaFowl, MarineMammal, Rabbit, Reptile,
    Sheep, Swine, Turkey,
};
use goods::storage::Storage;

const POULTRY: &[Species] = &[Chicken, Turkey, Duck, Goose, GuineaFowl];

/// The species that a commodity code allows; none where it allows several that
/// are not listed, so that nothing can be concluded. The longest entry that
/// the code begins with counts.
#[rustfmt::skip]
const SPECIES: &[(&str, &[Species])] = &[
    ("0201", &[Bovine]),
    ("0202", &[Bovine]),
    ("0203", &[Swine]),
    ("0204", &[Sheep, Goat]),
    ("020410", &[Sheep]), ("020421", &[Sheep]), ("020422", &[Sheep]), ("020423", &[Sheep]),
    ("020430", &[Sheep]), ("020441", &[Sheep]), ("020442", &[Sheep]), ("020443", &[Sheep]),
    ("020450", &[Goat]),
    ("0205", &[Equine]),
    ("0206", &[Bovine, Swine, Sheep, Goat, Equine]),
    ("020610", &[Bovine]), ("020621", &[Bovine]), ("020622", &[Bovine]), ("020629", &[Bovine]),
    ("020630", &[Swine]), ("020641", &[Swine]), ("020649", &[Swine]),
    ("020680", &[Sheep, Goat, Equine]), ("020690", &[Sheep, Goat, Equine]),
    ("0207", POULTRY),
    ("02071", &[Chicken]),
    ("02072", &[Turkey]),
    ("02074", &[Duck]),
    ("02075", &[Goose]),
    ("020760", &[GuineaFowl]),
    ("020810", &[Rabbit]),
    ("020840", &[MarineMammal]),
    ("020850", &[Reptile]),
    ("020860", &[Camelid]),
    ("020910", &[Swine]),
    ("020990", POULTRY),
    ("021011", &[Swine]), ("021012", &[Swine]), ("021019", &[Swine]),
    ("021020", &[Bovine]),
    ("021092", &[MarineMammal]),
    ("021093", &[Reptile]),
    ("160231", &[Turkey]),
    ("160232", &[Chicken]),
    ("160239", &[Duck, Goose, GuineaFowl]),
    ("160241", &[Swine]), ("160242", &[Swine]), ("160249", &[Swine]),
    ("160250", &[Bovine]),
];

/// Storage by heading and subheading, where they tell it.
#[rustfmt::skip]
const STORAGE: &[(&str, Storage)] = &[
    ("0201", Storage::Chilled),
    ("0202", Storage::Frozen),
    ("02031", Storage::Chilled),
    ("02032", Storage::Frozen),
    ("020410", Storage::Chilled),
    ("02042", Storage::Chilled),
    ("020430", Storage::Frozen),
    ("02044", Storage::Frozen),
    ("020610", Storage::Chilled),
    ("02062", Storage::Frozen),
    ("020630", Storage::Chilled),
    ("02064", Storage::Frozen),
    ("020680", Storage::Chilled),
    ("020690", Storage::Frozen),
    ("020711", Storage::Chilled), ("020712", Storage::Frozen),
    ("020713", Storage::Chilled), ("020714", Storage::Frozen),
    ("020724", Storage::Chilled), ("020725", Storage::Frozen),
    ("020726", Storage::Chilled), ("020727", Storage::Frozen),
    ("020741", Storage::Chilled), ("020742", Storage::Frozen),
    ("020743", Storage::Chilled), ("020744", Storage::Chilled), ("020745", Storage::Frozen),
    ("020751", Storage::Chilled), ("020752", Storage::Frozen),
    ("020753", Storage::Chilled), ("020754", Storage::Chilled), ("020755", Storage::Frozen),
];

/// The species a commodity code (digits only) allows; none where nothing can
/// be concluded.
pub fn species(code: &str) -> Option<&'static [Species]> {
    longest(SPECIES, code)
}

/// How a commodity code (digits only) says the meat is kept; none where it
/// leaves that open.
pub fn storage(code: &str) -> Option<Storage> {
    longest(STORAGE, code)
}

fn longest<T: Copy>(table: &[(&str, T)], code: &str) -> Option<T> {
    let matching = table.iter().filter(|(prefix, _)| code.starts_with(prefix));
    matching.max_by_key(|(prefix, _)| prefix.len()).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_counts() {
        assert_eq!(species("0204"), Some([Sheep, Goat].as_slice()));
        assert_eq!(species("02045019"), Some([Goat].as_slice()));
        assert_eq!(species("02071290"), Some([Chicken].as_slice()));
        assert_eq!(species("1601"), None);
        assert_eq!(species("021099"), None);
        assert_eq!(storage("0203"), None);
        assert_eq!(storage("02032913"), Some(Storage::Frozen));
        assert_eq!(storage("0205"), None);
        assert_eq!(storage("020450"), None);
    }
}
