//! `SCard1`, Smartcard Maintenance for User and DA. The guideline shows it only as a row of the catalogue, so its
//! fields are our proposal, for the exchange to correct. Completing a request changes nothing but the request.

use super::common::{
    CONTACT_INFORMATION, DECLARATION, DETAILS_OF_REQUESTS, MAINTENANCE_REQUEST, REMARKS, USER_MAINTENANCE_CH,
};
use super::smartcard::{CARDS, MAINTENANCE, REPLACEMENTS};
use super::{Checkers, EService, EServiceId, End, Period, Section};
use crate::actor::Right;
use crate::language::both;

pub(super) static SCARD1: EService = EService {
    id: EServiceId::SCard1,
    code: "SCard1",
    classification: USER_MAINTENANCE_CH,
    label: "SCard1",
    function: both(
        "Smartcard Maintenance for User and DA",
        "用戶及授權管理員智能卡維護",
    ),
    period: Period::Always,
    checkers: Checkers::CompanyDecides,
    right: Right::UserMaintenance,
    end: End::AtTheExchange,
    sections: &[
        Section {
            title: MAINTENANCE_REQUEST,
            fields: &[MAINTENANCE],
        },
        Section {
            title: DETAILS_OF_REQUESTS,
            fields: &[CARDS, REPLACEMENTS, REMARKS, DECLARATION],
        },
        CONTACT_INFORMATION,
    ],
    effects: &[],
    directory: &[],
};
