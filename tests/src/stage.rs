//! A world whose wire is recorded, with everyone signed in.

use std::ops::Deref;

use countersign_domain::request::StateName;
use serde_json::{Value, json};

use crate::cast::Cast;
use crate::wire::Wire;
use crate::{Reply, World, guideline_day, guideline_form, seed};

/// A recorded world and its cast.
pub struct Stage {
    /// The product, running.
    pub world: World,
    /// The wire between its functions and its table.
    pub wire: Wire,
    cast: Cast,
}

impl Stage {
    /// Starts the product on the guideline's day and signs everyone in.
    pub async fn set() -> Self {
        let wire = Wire::lay().await;
        let world = World::with(wire.between(guideline_day())).await;
        let cast = Cast::sign_in(&world).await;
        Self { world, wire, cast }
    }

    /// A request with this form, for administrators whom the register knows, brought to a state.
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

/// A form with this many rows, for User IDs that are numbered from `first` on.
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
