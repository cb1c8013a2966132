//! The last values of a measurement as a line over its reference range.

use leptos::prelude::*;

/// Values in order of time, the last one now.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// The values; at least two.
    pub values: Vec<f64>,
    /// Lower end of the reference range.
    pub low: Option<f64>,
    /// Upper end of the reference range.
    pub high: Option<f64>,
}

/// Where things stand in a box of `width` by `height`.
#[derive(Clone, Debug, PartialEq)]
struct Drawing {
    line: String,
    last: (f64, f64),
    range_top: f64,
    range_height: f64,
}

fn draw(trend: &Trend, width: f64, height: f64) -> Option<Drawing> {
    if trend.values.len() < 2 {
        return None;
    }
    let all = || trend.values.iter().copied().chain(trend.low).chain(trend.high);
    let least = all().fold(f64::INFINITY, f64::min);
    let most = all().fold(f64::NEG_INFINITY, f64::max);
    let spread = if most > least { most - least } else { 1.0 };
    // A range that is open to one side goes on beyond what was measured.
    let bottom = if trend.low.is_none() && trend.high.is_some() { least - 0.7 * spread } else { least };
    let top = if trend.high.is_none() && trend.low.is_some() { most + 0.7 * spread } else { most };
    let span = if top > bottom { top - bottom } else { 1.0 };
    let pad = 4.0;
    let y = |value: f64| pad + (top - value) / span * (height - 2.0 * pad);
    #[expect(clippy::cast_precision_loss, reason = "a handful of values")]
    let step = (width - 3.0 * pad) / (trend.values.len() - 1) as f64;
    let points: Vec<(f64, f64)> = trend
        .values
        .iter()
        .enumerate()
        .map(|(index, value)| {
            #[expect(clippy::cast_precision_loss, reason = "a handful of values")]
            let x = pad + step * index as f64;
            (x, y(*value))
        })
        .collect();
    let line = points
        .iter()
        .enumerate()
        .map(|(index, (x, y))| format!("{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' }))
        .collect();
    let range_top = trend.high.map_or(0.0, y);
    let range_bottom = trend.low.map_or(height, y);
    // Without a range nothing is said to be in it.
    let bounded = trend.low.is_some() || trend.high.is_some();
    let range_height = if bounded { (range_bottom - range_top).max(0.0) } else { 0.0 };
    Some(Drawing { line, last: *points.last()?, range_top, range_height })
}

/// The line; the numbers stand beside it, so it is silent.
#[component]
pub fn Spark(
    /// The values.
    trend: Trend,
    /// For the head of a chart.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let (width, height) = if large { (188.0, 62.0) } else { (100.0, 36.0) };
    draw(&trend, width, height).map(|drawing| {
        view! {
            <svg
                class="spark"
                class:spark--large=large
                viewBox=format!("0 0 {width} {height}")
                aria-hidden="true"
            >
                <rect
                    class="spark__range"
                    x="0"
                    width=width.to_string()
                    y=format!("{:.1}", drawing.range_top)
                    height=format!("{:.1}", drawing.range_height)
                ></rect>
                <path class="spark__line" d=drawing.line></path>
                <circle
                    class="spark__last"
                    cx=format!("{:.1}", drawing.last.0)
                    cy=format!("{:.1}", drawing.last.1)
                    r=if large { "5" } else { "3.2" }
                ></circle>
            </svg>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn high_values_stand_above_the_range() {
        let trend = Trend { values: vec![5.0, 5.5, 6.3], low: Some(3.0), high: Some(5.2) };
        let drawing = draw(&trend, 100.0, 36.0).unwrap();
        assert!(drawing.last.1 < drawing.range_top);
        assert!(drawing.range_height > 0.0);
        assert!(drawing.line.starts_with("M4.0 "));
    }

    #[test]
    fn an_open_range_reaches_the_edge() {
        let trend = Trend { values: vec![1.0, 1.0], low: None, high: Some(1.7) };
        let drawing = draw(&trend, 100.0, 36.0).unwrap();
        assert!((drawing.range_top + drawing.range_height - 36.0).abs() < 1e-9);
    }

    #[test]
    fn without_a_range_none_is_drawn() {
        let trend = Trend { values: vec![1.0, 2.0], low: None, high: None };
        assert!(draw(&trend, 100.0, 36.0).unwrap().range_height < 1e-9);
    }

    #[test]
    fn one_value_is_no_trend() {
        let trend = Trend { values: vec![1.0], low: None, high: None };
        assert_eq!(draw(&trend, 100.0, 36.0), None);
    }
}
