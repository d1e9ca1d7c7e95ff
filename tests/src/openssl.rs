//! Certificates for tests, made by OpenSSL, which knows nothing of ecert.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A certificate that vouches for itself, and its key, both PEM.
pub struct Certificate {
    /// The certificate's file.
    pub certificate: PathBuf,
    /// The key's file.
    pub key: PathBuf,
}

/// Makes one for this address and anybody's name, in files named after it.
///
/// # Panics
///
/// When there is no OpenSSL.
#[must_use]
pub fn certificate(folder: &Path, name: &str) -> Certificate {
    let settings = "[req]\ndistinguished_name=name\nx509_extensions=for\n[name]\n[for]\n\
        subjectAltName=IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\n";
    let file = |ending: &str| folder.join(format!("{name}.{ending}"));
    std::fs::write(file("cnf"), settings).expect("a file");
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"])
        .args(["-days", "2", "-subj", &format!("/CN={name}"), "-config"])
        .arg(file("cnf"))
        .arg("-keyout")
        .arg(file("key.pem"))
        .arg("-out")
        .arg(file("pem"))
        .output()
        .expect("openssl is there");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Certificate { certificate: file("pem"), key: file("key.pem") }
}
