//! General holidays, which the Government of the Hong Kong SAR announces each spring for the following year (General
//! Holidays Ordinance, Cap. 149; <https://www.gov.hk/en/about/abouthk/holiday/>). Sundays are general holidays too, but
//! are not listed here.
//!
//! To add a year, append it; nothing else has to change.

use jiff::civil::{Date, date};

/// Consecutive years in order, each with its general holidays.
pub(super) const YEARS: &[(i16, &[Date])] = &[
    (2022, &YEAR_2022),
    (2023, &YEAR_2023),
    (2024, &YEAR_2024),
    (2025, &YEAR_2025),
    (2026, &YEAR_2026),
    (2027, &YEAR_2027),
];

const YEAR_2022: [Date; 17] = [
    date(2022, 1, 1),   // the first day of January
    date(2022, 2, 1),   // Lunar New Year's Day
    date(2022, 2, 2),   // the second day of Lunar New Year
    date(2022, 2, 3),   // the third day of Lunar New Year
    date(2022, 4, 5),   // Ching Ming Festival
    date(2022, 4, 15),  // Good Friday
    date(2022, 4, 16),  // the day following Good Friday
    date(2022, 4, 18),  // Easter Monday
    date(2022, 5, 2),   // the day following Labour Day
    date(2022, 5, 9),   // the day following the Birthday of the Buddha
    date(2022, 6, 3),   // Tuen Ng Festival
    date(2022, 7, 1),   // Hong Kong SAR Establishment Day
    date(2022, 9, 12),  // the second day following the Chinese Mid-Autumn Festival
    date(2022, 10, 1),  // National Day
    date(2022, 10, 4),  // Chung Yeung Festival
    date(2022, 12, 26), // the first weekday after Christmas Day
    date(2022, 12, 27), // the second weekday after Christmas Day
];

const YEAR_2023: [Date; 17] = [
    date(2023, 1, 2),   // the day following the first day of January
    date(2023, 1, 23),  // the second day of Lunar New Year
    date(2023, 1, 24),  // the third day of Lunar New Year
    date(2023, 1, 25),  // the fourth day of Lunar New Year
    date(2023, 4, 5),   // Ching Ming Festival
    date(2023, 4, 7),   // Good Friday
    date(2023, 4, 8),   // the day following Good Friday
    date(2023, 4, 10),  // Easter Monday
    date(2023, 5, 1),   // Labour Day
    date(2023, 5, 26),  // the Birthday of the Buddha
    date(2023, 6, 22),  // Tuen Ng Festival
    date(2023, 7, 1),   // Hong Kong SAR Establishment Day
    date(2023, 9, 30),  // the day following the Chinese Mid-Autumn Festival
    date(2023, 10, 2),  // the day following National Day
    date(2023, 10, 23), // Chung Yeung Festival
    date(2023, 12, 25), // Christmas Day
    date(2023, 12, 26), // the first weekday after Christmas Day
];

const YEAR_2024: [Date; 17] = [
    date(2024, 1, 1),   // the first day of January
    date(2024, 2, 10),  // Lunar New Year's Day
    date(2024, 2, 12),  // the third day of Lunar New Year
    date(2024, 2, 13),  // the fourth day of Lunar New Year
    date(2024, 3, 29),  // Good Friday
    date(2024, 3, 30),  // the day following Good Friday
    date(2024, 4, 1),   // Easter Monday
    date(2024, 4, 4),   // Ching Ming Festival
    date(2024, 5, 1),   // Labour Day
    date(2024, 5, 15),  // the Birthday of the Buddha
    date(2024, 6, 10),  // Tuen Ng Festival
    date(2024, 7, 1),   // Hong Kong SAR Establishment Day
    date(2024, 9, 18),  // the day following the Chinese Mid-Autumn Festival
    date(2024, 10, 1),  // National Day
    date(2024, 10, 11), // Chung Yeung Festival
    date(2024, 12, 25), // Christmas Day
    date(2024, 12, 26), // the first weekday after Christmas Day
];

const YEAR_2025: [Date; 17] = [
    date(2025, 1, 1),   // the first day of January
    date(2025, 1, 29),  // Lunar New Year's Day
    date(2025, 1, 30),  // the second day of Lunar New Year
    date(2025, 1, 31),  // the third day of Lunar New Year
    date(2025, 4, 4),   // Ching Ming Festival
    date(2025, 4, 18),  // Good Friday
    date(2025, 4, 19),  // the day following Good Friday
    date(2025, 4, 21),  // Easter Monday
    date(2025, 5, 1),   // Labour Day
    date(2025, 5, 5),   // the Birthday of the Buddha
    date(2025, 5, 31),  // Tuen Ng Festival
    date(2025, 7, 1),   // Hong Kong SAR Establishment Day
    date(2025, 10, 1),  // National Day
    date(2025, 10, 7),  // the day following the Chinese Mid-Autumn Festival
    date(2025, 10, 29), // Chung Yeung Festival
    date(2025, 12, 25), // Christmas Day
    date(2025, 12, 26), // the first weekday after Christmas Day
];

const YEAR_2026: [Date; 17] = [
    date(2026, 1, 1),   // the first day of January
    date(2026, 2, 17),  // Lunar New Year's Day
    date(2026, 2, 18),  // the second day of Lunar New Year
    date(2026, 2, 19),  // the third day of Lunar New Year
    date(2026, 4, 3),   // Good Friday
    date(2026, 4, 4),   // the day following Good Friday
    date(2026, 4, 6),   // the day following Ching Ming Festival
    date(2026, 4, 7),   // the day following Easter Monday
    date(2026, 5, 1),   // Labour Day
    date(2026, 5, 25),  // the day following the Birthday of the Buddha
    date(2026, 6, 19),  // Tuen Ng Festival
    date(2026, 7, 1),   // Hong Kong SAR Establishment Day
    date(2026, 9, 26),  // the day following the Chinese Mid-Autumn Festival
    date(2026, 10, 1),  // National Day
    date(2026, 10, 19), // the day following Chung Yeung Festival
    date(2026, 12, 25), // Christmas Day
    date(2026, 12, 26), // the first weekday after Christmas Day
];

const YEAR_2027: [Date; 17] = [
    date(2027, 1, 1),   // the first day of January
    date(2027, 2, 6),   // Lunar New Year's Day
    date(2027, 2, 8),   // the third day of Lunar New Year
    date(2027, 2, 9),   // the fourth day of Lunar New Year
    date(2027, 3, 26),  // Good Friday
    date(2027, 3, 27),  // the day following Good Friday
    date(2027, 3, 29),  // Easter Monday
    date(2027, 4, 5),   // Ching Ming Festival
    date(2027, 5, 1),   // Labour Day
    date(2027, 5, 13),  // the Birthday of the Buddha
    date(2027, 6, 9),   // Tuen Ng Festival
    date(2027, 7, 1),   // Hong Kong SAR Establishment Day
    date(2027, 9, 16),  // the day following the Chinese Mid-Autumn Festival
    date(2027, 10, 1),  // National Day
    date(2027, 10, 8),  // Chung Yeung Festival
    date(2027, 12, 25), // Christmas Day
    date(2027, 12, 27), // the first weekday after Christmas Day
];
