//! kill -9, while uploading and while indexing: nothing that was acknowledged is lost, no row is wrong.

use medkey_protocol::{
    Digest, FolderId, Link,
    api::{ChartPage, paths},
};
use reqwest::StatusCode;
use tempfile::TempDir;

use crate::helpers::*;

fn folder() -> FolderId {
    [0x11; 32].into()
}

#[tokio::test]
async fn killed_while_uploading_nothing_acknowledged_is_lost() {
    let world = World::start().await;
    let World { chain, relay, patient, .. } = world;
    relay.stop().await;
    let data = TempDir::new().unwrap();
    let file = File::of("scan", 40 * 4_000, 4_000);
    let mut acknowledged: Vec<Link> = Vec::new();

    let mut program = Program::start(&chain, data.path());
    program.api.reach(&chain).await;
    let card = patient.card(&chain.deployment, &[], &[]);
    program.api.put_block(&card, None).await.unwrap();
    for round in 1.. {
        let session = sign_in(&program.api, &chain.deployment, &patient).await.unwrap();
        let waiting: Vec<_> = file.blocks.iter().filter(|(link, _)| !acknowledged.contains(link)).cloned().collect();
        if waiting.is_empty() {
            break;
        }
        let api = program.api.clone();
        let (sent, mut arrived) = tokio::sync::mpsc::channel(1);
        let upload = tokio::spawn(async move {
            for (link, bytes) in waiting {
                let request = api.request(reqwest::Method::PUT, &format!("{}/{link}", paths::BLOCKS), Some(&session));
                match request.body(bytes).send().await {
                    Ok(answer) if answer.status().is_success() => sent.send(link).await.unwrap(),
                    _ => return,
                }
            }
        });
        // Killed at another moment each time: after so many acknowledgements, in the middle of what follows.
        let mut killed = false;
        let mut running = Some(program);
        while let Some(link) = soon(arrived.recv()).await {
            acknowledged.push(link);
            if !killed && acknowledged.len() >= 9 * round {
                running.take().unwrap().kill();
                killed = true;
            }
        }
        upload.await.unwrap();
        program = running.unwrap_or_else(|| Program::start(&chain, data.path()));
    }

    let session = sign_in(&program.api, &chain.deployment, &patient).await.unwrap();
    let me = patient.address;
    let manifest = manifest(&chain.deployment, me, me, folder(), [1; 32].into(), file.body, None);
    assert_eq!(program.api.put_block(&manifest, Some(&session)).await, Ok(StatusCode::CREATED));
    let call = medkey_protocol::contract::ICharts::addRecordCall {
        chart: me,
        manifest: manifest.digest.into(),
        card: card.digest.into(),
    };
    chain.send(me, &call).await;
    program.api.reach(&chain).await;
    let mut came = program.api.get_car(file.body.link, Some(&session)).await.unwrap();
    let mut went = file.blocks.clone();
    came.sort();
    went.sort();
    assert!(came == went);
    program.kill();
}

#[tokio::test]
async fn killed_while_indexing_the_rows_are_right() {
    let world = World::start().await;
    let chart = world.patient.address;
    const RECORDS: u32 = 30;
    for at in 0..RECORDS {
        world.announce(&world.patient, &world.patient, Digest::of(&at.to_be_bytes())).await;
        world.chain.call("anvil_mine", serde_json::json!([40])).await;
    }
    let World { chain, relay, patient, .. } = world;
    relay.stop().await;

    let data = TempDir::new().unwrap();
    let newest = chain.newest().await.block;
    let mut in_the_middle = 0;
    // Killed as soon as it says that it has come further, while it works on what follows.
    for _ in 0..4 {
        let program = Program::start(&chain, data.path());
        let mut events = program.api.events("").await;
        let before = events.next().await.at.block;
        if before < newest {
            let live = events.next().await;
            assert!(live.at.block > before, "it goes on where it was");
            in_the_middle += u32::from(live.at.block < newest);
        }
        program.kill();
    }
    assert!(in_the_middle > 0, "no kill came in the middle");
    let program = Program::start(&chain, data.path());
    let at = program.api.reach(&chain).await;
    let card = patient.card(&chain.deployment, &[], &[]);
    program.api.put_block(&card, None).await.unwrap();
    let session = sign_in(&program.api, &chain.deployment, &patient).await.unwrap();
    let path = format!("{}/{chart}/entries", paths::CHARTS);
    let page: ChartPage = program.api.json(&path, Some(&session)).await.unwrap();
    assert_eq!((page.at, page.entries.len()), (at, RECORDS as usize));
    assert_eq!(page.head, chain.head(chart).await);
    program.kill();
}
