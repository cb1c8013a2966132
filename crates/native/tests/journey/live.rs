//! Changes are told as they happen.

use medkey_client::live::Changes;
use medkey_client::ports::AnswerBody;
use medkey_native::world::World;
use medkey_protocol::{Address, api::Live, blocks::Category};

use crate::people::{DAY, DOCTOR, doctor, patient};

/// The next change that names this chart.
async fn next(changes: &mut Changes<impl AnswerBody>, chart: Address) -> Live {
    loop {
        let live = changes.next().await.unwrap().unwrap();
        if live.charts.contains(&chart) {
            return live;
        }
    }
}

#[tokio::test]
async fn both_sides_hear_of_a_record_and_of_a_grant() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let chart = patient.address();
    let mut at_home = patient.app.listen(&[chart], &[]).await.unwrap();
    let mut at_work = doctor.app.listen(&[], &[doctor.address()]).await.unwrap();

    let filed = patient.add("Lipids", b"3.4", Category::Laboratory).await;
    let told = next(&mut at_home, chart).await;
    assert_eq!((told.at.block, told.rolled_back), (filed.block, false));
    let block = patient.grant(&doctor, DAY).await.unwrap();
    assert_eq!(next(&mut at_home, chart).await.at.block, block);
    let named = loop {
        let live = at_work.next().await.unwrap().unwrap();
        if live.members.contains(&doctor.address()) {
            break live;
        }
    };
    assert_eq!(named.at.block, block, "whoever listens to a member hears when a chart names it");
}
