//! The table of every combination and its outcome.

/// The design's workflow, written down a second time: this table shares nothing with the product's.
///
/// `ok`: the step is taken. `own`: 403, who made or edited a request can't check it. `first`: 403, the first of two
/// checkers can't be the second. `maker`: 403, only its maker may.
/// `confirmer`: 403, only the checker who confirmed it may. `right`: 403, the access right is missing. `none`: 404, the
/// request does not exist for them. `late`: 409, the step is not possible, or no longer.
///
/// The last two are Ready to Send and Claimed, where two people have to check it: `checker` has been the first, and
/// `checker2` claims it.
pub(crate) const TABLE: &str = "
    state       action   maker     checker   checker2  norights  stranger  officer   officer2
    Draft       save     ok        maker     maker     right     none      none      none
    Draft       clone    ok        ok        ok        right     none      none      none
    Draft       discard  ok        maker     maker     right     none      none      none
    Draft       submit   ok        maker     maker     right     none      none      none
    Draft       reclaim  late      maker     maker     right     none      none      none
    Draft       claim    own       late      late      right     none      none      none
    Draft       release  own       late      late      right     none      none      none
    Draft       return   own       late      late      right     none      none      none
    Draft       confirm  own       late      late      right     none      none      none
    Draft       complete right     right     right     right     none      none      none
    Draft       reject   right     right     right     right     none      none      none
    ReadyToSend save     late      maker     maker     right     none      none      none
    ReadyToSend clone    ok        ok        ok        right     none      none      none
    ReadyToSend discard  late      maker     maker     right     none      none      none
    ReadyToSend submit   late      maker     maker     right     none      none      none
    ReadyToSend reclaim  ok        maker     maker     right     none      none      none
    ReadyToSend claim    own       ok        ok        right     none      none      none
    ReadyToSend release  own       late      late      right     none      none      none
    ReadyToSend return   own       late      late      right     none      none      none
    ReadyToSend confirm  own       late      late      right     none      none      none
    ReadyToSend complete right     right     right     right     none      none      none
    ReadyToSend reject   right     right     right     right     none      none      none
    Claimed     save     late      maker     maker     right     none      none      none
    Claimed     clone    ok        ok        ok        right     none      none      none
    Claimed     discard  late      maker     maker     right     none      none      none
    Claimed     submit   late      maker     maker     right     none      none      none
    Claimed     reclaim  late      maker     maker     right     none      none      none
    Claimed     claim    own       ok        late      right     none      none      none
    Claimed     release  own       ok        late      right     none      none      none
    Claimed     return   own       ok        late      right     none      none      none
    Claimed     confirm  own       ok        late      right     none      none      none
    Claimed     complete right     right     right     right     none      none      none
    Claimed     reject   right     right     right     right     none      none      none
    Sent        save     late      maker     maker     right     none      right     right
    Sent        clone    ok        ok        ok        right     none      right     right
    Sent        discard  late      maker     maker     right     none      right     right
    Sent        submit   late      maker     maker     right     none      right     right
    Sent        reclaim  late      ok        confirmer right     none      right     right
    Sent        claim    own       late      late      right     none      ok        ok
    Sent        release  own       late      late      right     none      late      late
    Sent        return   own       late      late      right     none      late      late
    Sent        confirm  own       late      late      right     none      right     right
    Sent        complete right     right     right     right     none      late      late
    Sent        reject   right     right     right     right     none      late      late
    Processing  save     late      maker     maker     right     none      right     right
    Processing  clone    ok        ok        ok        right     none      right     right
    Processing  discard  late      maker     maker     right     none      right     right
    Processing  submit   late      maker     maker     right     none      right     right
    Processing  reclaim  late      late      maker     right     none      right     right
    Processing  claim    own       late      late      right     none      late      late
    Processing  release  own       late      late      right     none      ok        late
    Processing  return   own       late      late      right     none      ok        late
    Processing  confirm  own       late      late      right     none      right     right
    Processing  complete right     right     right     right     none      ok        late
    Processing  reject   right     right     right     right     none      ok        late
    Completed   save     late      maker     maker     right     none      right     right
    Completed   clone    ok        ok        ok        right     none      right     right
    Completed   discard  late      maker     maker     right     none      right     right
    Completed   submit   late      maker     maker     right     none      right     right
    Completed   reclaim  late      late      maker     right     none      right     right
    Completed   claim    own       late      late      right     none      late      late
    Completed   release  own       late      late      right     none      late      late
    Completed   return   own       late      late      right     none      late      late
    Completed   confirm  own       late      late      right     none      right     right
    Completed   complete right     right     right     right     none      late      late
    Completed   reject   right     right     right     right     none      late      late
    Rejected    save     late      maker     maker     right     none      right     right
    Rejected    clone    ok        ok        ok        right     none      right     right
    Rejected    discard  late      maker     maker     right     none      right     right
    Rejected    submit   late      maker     maker     right     none      right     right
    Rejected    reclaim  late      late      maker     right     none      right     right
    Rejected    claim    own       late      late      right     none      late      late
    Rejected    release  own       late      late      right     none      late      late
    Rejected    return   own       late      late      right     none      late      late
    Rejected    confirm  own       late      late      right     none      right     right
    Rejected    complete right     right     right     right     none      late      late
    Rejected    reject   right     right     right     right     none      late      late
    Discarded   save     late      maker     maker     right     none      none      none
    Discarded   clone    ok        ok        ok        right     none      none      none
    Discarded   discard  late      maker     maker     right     none      none      none
    Discarded   submit   late      maker     maker     right     none      none      none
    Discarded   reclaim  late      maker     maker     right     none      none      none
    Discarded   claim    own       late      late      right     none      none      none
    Discarded   release  own       late      late      right     none      none      none
    Discarded   return   own       late      late      right     none      none      none
    Discarded   confirm  own       late      late      right     none      none      none
    Discarded   complete right     right     right     right     none      none      none
    Discarded   reject   right     right     right     right     none      none      none
    CheckedOnce save     late      maker     maker     right     none      none      none
    CheckedOnce clone    ok        ok        ok        right     none      none      none
    CheckedOnce discard  late      maker     maker     right     none      none      none
    CheckedOnce submit   late      maker     maker     right     none      none      none
    CheckedOnce reclaim  ok        maker     maker     right     none      none      none
    CheckedOnce claim    own       first     ok        right     none      none      none
    CheckedOnce release  own       first     late      right     none      none      none
    CheckedOnce return   own       first     late      right     none      none      none
    CheckedOnce confirm  own       first     late      right     none      none      none
    CheckedOnce complete right     right     right     right     none      none      none
    CheckedOnce reject   right     right     right     right     none      none      none
    ClaimedLast save     late      maker     maker     right     none      none      none
    ClaimedLast clone    ok        ok        ok        right     none      none      none
    ClaimedLast discard  late      maker     maker     right     none      none      none
    ClaimedLast submit   late      maker     maker     right     none      none      none
    ClaimedLast reclaim  late      maker     maker     right     none      none      none
    ClaimedLast claim    own       first     ok        right     none      none      none
    ClaimedLast release  own       first     ok        right     none      none      none
    ClaimedLast return   own       first     ok        right     none      none      none
    ClaimedLast confirm  own       first     ok        right     none      none      none
    ClaimedLast complete right     right     right     right     none      none      none
    ClaimedLast reject   right     right     right     right     none      none      none
";
