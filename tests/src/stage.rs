//! A world with a recorded wire, in which everyone is signed in.

use std::ops::Deref;

use countersign_domain::request::StateName;
use serde_json::{Value, json};

use crate::cast::Cast;
use crate::wire::Wire;
use crate::{Reply, World, guideline_day, guideline_form, seed};

/// The world, its wire and its people.
pub struct Stage {
    /// The running product.
    pub world: World,
    /// The wire between its functions and its table.
    pub wire: Wire,
    cast: Cast,
}

impl Stage {
    /// Starts the product on the guideline's day, with a day for the parallel run, and signs everyone in.
    pub async fn set() -> Self {
        let wire = Wire::lay().await;
        let options = guideline_day().set("CampaignParallelRun", "2023-05-15");
        let world = World::with(wire.between(options)).await;
        let cast = Cast::sign_in(&world).await;
        Self { world, wire, cast }
    }

    /// Makes a request with this form, enters its administrators into the register, and brings it to a state.
    pub async fn request(&self, form: &Value, state: StateName) -> Reply {
        seed::administrators_of(&self.world, form).await;
        let draft = self.cast.maker.create(form).await.expect(201);
        self.cast.bring(draft, state).await
    }

    /// Stops the product.
    pub async fn strike(self) {
        self.world.local.stop().await;
    }
}

impl Deref for Stage {
    type Target = Cast;

    fn deref(&self) -> &Cast {
        &self.cast
    }
}

/// A form with this many rows, for User IDs numbered from `first`.
pub fn form_with(first: usize, rows: usize) -> Value {
    let row = |number| {
        json!({
            "userId": format!("B01234{number:04}"),
            "email": format!("administrator{number:04}@bank.com.hk"),
        })
    };
    let mut form = guideline_form();
    form["changes"] = (first..first + rows).map(row).collect();
    form
}
