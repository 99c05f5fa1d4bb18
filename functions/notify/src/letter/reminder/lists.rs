//! What is left to do, list by list.

use countersign_domain::reminder::{Administrator, Listed, Task};
use countersign_domain::time::shown;

use super::Composer;
use super::words::Matter;
use crate::letter::compose::{Block, Item};
use crate::letter::prose::Prose;

impl Composer<'_> {
    /// The lists that hold something.
    pub(super) fn lists(&self) -> Vec<Block> {
        let digest = self.reminder.digest;
        let administrators = self.list(
            Matter::NotRegistered,
            &digest.not_registered,
            self.participants(&digest.not_registered.rows),
        );
        let tasks = [
            (Matter::Drafts, &digest.drafts),
            (Matter::Waiting, &digest.waiting),
            (Matter::Claimed, &digest.claimed),
        ];
        let tasks = tasks.into_iter().filter_map(|(matter, listed)| {
            let items = listed.rows.iter().map(|task| self.task(matter, task));
            self.list(matter, listed, items.collect())
        });
        administrators.into_iter().chain(tasks).collect()
    }

    fn list<T>(&self, matter: Matter, listed: &Listed<T>, items: Vec<Item>) -> Option<Block> {
        let words = self.words;
        let left_off = listed.total.saturating_sub(listed.rows.len());
        (!listed.is_empty()).then(|| Block::List {
            title: (words.list)(matter, self.side()).title,
            items,
            more: (left_off > 0).then(|| self.counted(words.and_more.of(left_off), left_off)),
        })
    }

    /// The User IDs, by participant.
    fn participants(&self, rows: &[Administrator]) -> Vec<Item> {
        let of_participant = |rows: &[Administrator]| {
            let participant = rows.first().map_or("", |row| row.participant.as_str());
            let user_ids = rows.iter().map(|row| Prose::name(&row.user_id));
            Item {
                name: Prose::name(participant),
                url: None,
                says: Prose::joined(user_ids, self.shared.list_comma),
            }
        };
        rows.chunk_by(|left, right| left.participant == right.participant)
            .map(of_participant)
            .collect()
    }

    fn task(&self, matter: Matter, task: &Task) -> Item {
        let digest = self.reminder.digest;
        let function = task.eservice.definition().function.text(self.reminder.language);
        let name = match &task.reference {
            Some(reference) => Prose::together(reference.to_string()),
            None => Prose::ours(self.words.draft),
        };
        Item {
            name: name.and(format!(" - {function}")),
            url: digest
                .may_act
                .then(|| format!("{}/portal/requests/{}", self.reminder.portal_url, task.request)),
            says: self.says(matter, task),
        }
    }

    /// Since when a request is where it is. Who has it matters where others read of it too.
    fn says(&self, matter: Matter, task: &Task) -> Prose {
        let (words, others) = (self.words, self.reminder.digest.is_for_everyone);
        let mut slots = vec![
            ("since", Prose::together(shown(task.since))),
            ("with", Prose::name(task.with.as_deref().unwrap_or_default())),
        ];
        let sentence = match matter {
            Matter::Drafts if others => words.open_with,
            Matter::Drafts | Matter::NotRegistered => words.open_since,
            Matter::Waiting => words.waiting_since,
            Matter::Claimed if others => words.claimed_by,
            Matter::Claimed => words.claimed_by_you,
        };
        let said = self.fill_with(sentence, &slots);
        match task.claim_ends {
            Some(ends) => {
                slots.push(("ends", Prose::together(shown(ends))));
                said.then(self.fill_with(words.claim_ends, &slots))
            }
            None => said,
        }
    }
}
