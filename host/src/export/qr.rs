//! The QR code that leads to the public check of a certificate.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use qrcode::render::svg;
use qrcode::types::{Color, QrError};
use qrcode::{EcLevel, QrCode};

/// Light modules around the symbol (ISO/IEC 18004).
const QUIET: usize = 4;
/// Pixels of a module in PNG.
const SCALE: usize = 8;

/// The address of the public check with number and code filled in.
pub(super) fn link(public_address: &str, number: &str, code: &str) -> String {
    let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    let code = code.replace('-', "");
    format!("{public_address}/check?number={}&code={}", encoded(number), encoded(&code))
}

/// The QR code of a link as SVG.
pub(super) fn svg(link: &str) -> Result<Vec<u8>, QrError> {
    let image = symbol(link)?.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    Ok(image.into_bytes())
}

/// The QR code of a link as PNG, black on white, one bit a pixel.
pub(super) fn png(link: &str) -> Result<Vec<u8>, QrError> {
    let symbol = symbol(link)?;
    let modules = symbol.to_colors();
    let width = symbol.width();
    let side = (width + 2 * QUIET) * SCALE;
    let light = |x: usize, y: usize| {
        let module = |at: usize| (at / SCALE).checked_sub(QUIET).filter(|at| *at < width);
        let dark = module(x).zip(module(y)).is_some_and(|(x, y)| modules[y * width + x] == Color::Dark);
        !dark
    };
    let mut pixels = Vec::with_capacity(side.div_ceil(8) * side);
    for y in 0..side {
        for byte in 0..side.div_ceil(8) {
            let bits = (0..8).map(|bit| u8::from(light(byte * 8 + bit, y)) << (7 - bit));
            pixels.push(bits.sum::<u8>());
        }
    }
    let mut image = Vec::new();
    let size = u32::try_from(side).map_err(|_| QrError::DataTooLong)?;
    let mut encoder = png::Encoder::new(&mut image, size, size);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    // Writing into memory fails only for an image of another size than said.
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels));
    written.map(|()| image).map_err(|_| QrError::DataTooLong)
}

/// Quality holds a symbol readable on crumpled paper.
fn symbol(link: &str) -> Result<QrCode, QrError> {
    QrCode::with_error_correction_level(link, EcLevel::Q)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_carries_number_and_code() {
        let link = link("https://check.example", "NZ2026/HDM 1", "34679-ACDEF-GHJKM");
        assert_eq!(link, "https://check.example/check?number=NZ2026%2FHDM%201&code=34679ACDEFGHJKM");
    }

    #[test]
    fn png_and_svg_show_the_same_symbol() {
        let link = link("https://check.example", "NZ2026/HDM/20401", "34679-ACDEF-GHJKM");
        let image = png(&link).unwrap();
        let decoder = png::Decoder::new(std::io::Cursor::new(&image));
        let mut reader = decoder.read_info().unwrap();
        let (width, height) = (reader.info().width, reader.info().height);
        assert_eq!(width, height);
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        let dark: u32 = pixels.iter().map(|byte| byte.count_zeros()).sum();
        let modules = symbol(&link).unwrap().to_colors();
        let expected = modules.iter().filter(|module| **module == Color::Dark).count() * SCALE * SCALE;
        assert_eq!(dark as usize, expected);
        let text = String::from_utf8(svg(&link).unwrap()).unwrap();
        assert!(text.contains("<svg") && !text.contains("<script"));
    }
}
