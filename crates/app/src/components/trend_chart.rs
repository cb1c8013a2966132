//! A measurement over time: its values as a line over the reference range, with dates and numbers at the edges, a
//! sentence that says the same, and the values as a table.

use std::sync::Arc;

use leptos::prelude::*;

use super::spark::Trend;
use crate::speaking::{civil, count, days_from_civil, month_name, sentence, short};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Values of the small line beside a measurement.
const LAST: usize = 5;
/// Dates under a chart, at most: as many as fit on a phone.
const DATES: i64 = 4;
/// Values that are marked on the line one by one, and rows of the table, at most.
const MARKED: usize = 150;
/// Room between the outermost values and the edge of the chart, in percent.
const EDGE: f64 = 4.0;

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub struct TrendPoint {
    /// When it was measured, in seconds since 1970; before that it is negative.
    pub at: i64,
    /// The same as it is said: `19 November 2026`, `May 2019` where no more is known.
    pub when: String,
    /// The value.
    pub value: f64,
    /// The value exactly as written.
    pub written: String,
}

/// A measurement over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// What was measured.
    pub name: String,
    /// Its unit; may be empty.
    pub unit: String,
    /// The values, oldest first; shared by all who show a part of the same course.
    pub points: Arc<[TrendPoint]>,
    /// How many of them the small line goes through: up to the value beside which it stands.
    pub upto: usize,
    /// Lower end of the reference range.
    pub low: Option<f64>,
    /// Upper end of the reference range.
    pub high: Option<f64>,
    /// The range as written: `3.0 – 5.2`, `under 3.4`; may be empty.
    pub range: String,
}

impl Course {
    /// The course of these values, oldest first, up to the newest.
    #[must_use]
    pub fn new(name: impl Into<String>, unit: impl Into<String>, points: Vec<TrendPoint>) -> Self {
        let upto = points.len();
        Self { name: name.into(), unit: unit.into(), points: points.into(), upto, ..Self::default() }
    }

    /// The small line: the last values. None where there are fewer than two.
    #[must_use]
    pub fn spark(&self) -> Option<Trend> {
        let until = self.points.get(..self.upto)?;
        let values: Vec<f64> = until.iter().skip(until.len().saturating_sub(LAST)).map(|point| point.value).collect();
        (values.len() > 1).then_some(Trend { values, low: self.low, high: self.high })
    }

    /// How a value stands to the range; empty where there is none.
    fn place(&self, value: f64) -> &'static str {
        match (self.low, self.high) {
            (None, None) => "",
            (_, Some(high)) if value > high => "above the range",
            (Some(low), _) if value < low => "below the range",
            _ => "in range",
        }
    }

    fn with_unit(&self, written: &str) -> String {
        if self.unit.is_empty() { written.to_owned() } else { format!("{written} {}", self.unit) }
    }

    /// What the chart shows, in words.
    #[must_use]
    pub fn words(&self) -> String {
        let [first, .., last] = &*self.points else {
            return self.points.first().map_or_else(String::new, |only| {
                format!("One value: {} on {}.", self.with_unit(&only.written), only.when)
            });
        };
        let by_value = |a: &&TrendPoint, b: &&TrendPoint| a.value.total_cmp(&b.value);
        let least = self.points.iter().min_by(by_value).unwrap_or(first);
        let most = self.points.iter().max_by(by_value).unwrap_or(last);
        let between = if least.value < most.value {
            format!("between {} and {}", least.written, self.with_unit(&most.written))
        } else {
            format!("always {}", self.with_unit(&most.written))
        };
        let place = match self.place(last.value) {
            "" => String::new(),
            place => format!(", {place}"),
        };
        let values = sentence(&count(self.points.len(), "value", "values"));
        format!(
            "{values} from {} to {}, {between}. The newest is {}{place}.",
            first.when,
            last.when,
            self.with_unit(&last.written)
        )
    }
}

/// A place on an axis, in percent from the left or from the top, and what stands there.
#[derive(Clone, Debug, PartialEq)]
struct Mark {
    at: f64,
    word: String,
}

/// Where things stand, in percent of the chart.
#[derive(Clone, Debug, PartialEq)]
struct Plot {
    points: Vec<(f64, f64)>,
    band: Option<(f64, f64)>,
    dates: Vec<Mark>,
    numbers: Vec<Mark>,
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a lifetime")]
fn plot(course: &Course) -> Option<Plot> {
    let points: Vec<&TrendPoint> = course.points.iter().filter(|point| point.value.is_finite()).collect();
    let (first, last) = (points.iter().map(|p| p.at).min()?, points.iter().map(|p| p.at).max()?);
    // One day alone stands in the middle of three.
    let (first, last) = if first == last { (first - DAY, last + DAY) } else { (first, last) };
    let scale = (100.0 - 2.0 * EDGE) / (last - first) as f64;
    let x = |at: i64| EDGE + (at - first) as f64 * scale;

    let ends = || [course.low, course.high].into_iter().flatten().filter(|end| end.is_finite());
    let all = || points.iter().map(|point| point.value).chain(ends());
    let (least, most) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let step = nice_step((most - least).max(most.abs() * 1e-6).max(f64::MIN_POSITIVE) / 3.0);
    let (bottom, top) = ((least / step).floor() * step, (most / step).ceil() * step);
    let (bottom, top) = if bottom < top { (bottom, top) } else { (bottom - step, top + step) };
    let y = |value: f64| (top - value) / (top - bottom) * 100.0;
    if !step.is_finite() || !(top - bottom).is_finite() {
        return None;
    }
    let band = (course.low.is_some() || course.high.is_some())
        .then(|| (course.high.map_or(0.0, y).clamp(0.0, 100.0), course.low.map_or(100.0, y).clamp(0.0, 100.0)))
        .filter(|(above, below)| below > above);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful of steps")]
    let steps = ((top - bottom) / step).round() as u32;
    let number = |at: u32| bottom + f64::from(at) * step;
    let numbers = (0..=steps).map(|at| Mark { at: y(number(at)), word: axis_number(number(at), step) }).collect();
    Some(Plot {
        points: points.iter().map(|point| (x(point.at), y(point.value))).collect(),
        band,
        dates: dates(first, last).into_iter().map(|(at, word)| Mark { at: x(at), word }).collect(),
        numbers,
    })
}

/// The next of 1, 2, 5 times a power of ten.
fn nice_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    let times = rough / power;
    let nice = [1.0, 2.0, 5.0].into_iter().find(|nice| times <= *nice * 1.000_001).unwrap_or(10.0);
    nice * power
}

/// A number at the edge, with as many places as its step has.
fn axis_number(value: f64, step: f64) -> String {
    if value != 0.0 && (value.abs() >= 1e6 || step < 1e-5) {
        return format!("{value:e}");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most five")]
    let places = (-step.log10().floor()).clamp(0.0, 5.0) as usize;
    format!("{value:.places$}").replace('-', "−")
}

/// Beginnings of years, months or days between two times, at most as many as fit; so even that nothing is read into
/// them.
fn dates(first: i64, last: i64) -> Vec<(i64, String)> {
    let span = (last - first) / DAY + 1;
    let (from, to) = (first.div_euclid(DAY), last.div_euclid(DAY));
    if span <= 31 * DATES / 2 {
        let step = (span + DATES - 1) / DATES;
        let day = |number: i64| {
            let (_, month, day) = civil(number);
            (number * DAY, format!("{day} {}", short(month_name(month))))
        };
        let begin = if from * DAY < first { from + 1 } else { from };
        return (begin..=to).step_by(usize::try_from(step.max(1)).unwrap_or(1)).map(day).collect();
    }
    let month_of = |number: i64| {
        let (year, month, _) = civil(number);
        year * 12 + i64::try_from(month).unwrap_or_default()
    };
    let (begin, end) = (month_of(from), month_of(to));
    let months = end - begin + 1;
    let steps = [1, 2, 3, 6].into_iter().find(|step| months / step <= DATES);
    let years =
        || [1, 2, 5, 10, 20, 50, 100].into_iter().find(|step| months / (12 * step) <= DATES).unwrap_or(500) * 12;
    let step = steps.unwrap_or_else(years);
    let begin = (begin + step - 1).div_euclid(step) * step;
    let mark = |number: i64| {
        let (year, month) = (number.div_euclid(12), number.rem_euclid(12));
        let name = short(month_name(usize::try_from(month).unwrap_or_default()));
        let word = if step >= 12 { year.to_string() } else { format!("{name} {year}") };
        (days_from_civil(year, month + 1, 1) * DAY, word)
    };
    let step = usize::try_from(step).unwrap_or(1);
    (begin..=end).step_by(step).map(mark).filter(|(at, _)| (first..=last).contains(at)).collect()
}

/// The chart with its sentence and its table. Whoever draws it gives it a heading.
#[component]
pub fn TrendChart(
    /// What it shows.
    course: Course,
) -> impl IntoView {
    let words = course.words();
    let unit = course.unit.clone();
    let range = (!course.range.is_empty()).then(|| format!("Reference {}", course.range));
    let out = {
        let course = course.clone();
        move |at: usize| course.points.get(at).is_some_and(|p| !matches!(course.place(p.value), "" | "in range"))
    };
    let drawn = plot(&course).filter(|_| course.points.len() > 1).map(|plot| {
        let Plot { points, band, dates, numbers } = plot;
        let line: String = points
            .iter()
            .enumerate()
            .map(|(at, (x, y))| format!("{}{x:.2} {y:.2}", if at == 0 { 'M' } else { 'L' }))
            .collect();
        let percent = |at: f64| format!("{at:.2}%");
        // Of very many the line says enough, with the newest marked.
        let unmarked = if points.len() > MARKED { points.len() - 1 } else { 0 };
        view! {
            <div class="trend__plot" aria-hidden="true">
                <div class="trend__unit">{unit}</div>
                <div class="trend__area">
                    <svg class="trend__drawing" viewBox="0 0 100 100" preserveAspectRatio="none">
                        {band
                            .map(|(above, below)| {
                                view! {
                                    <rect
                                        class="trend__range"
                                        x="0"
                                        width="100"
                                        y=format!("{above:.2}")
                                        height=format!("{:.2}", below - above)
                                    ></rect>
                                }
                            })}
                        {numbers
                            .iter()
                            .map(|mark| {
                                let y = format!("{:.2}", mark.at);
                                view! { <line class="trend__grid" x1="0" x2="100" y1=y.clone() y2=y></line> }
                            })
                            .collect_view()} <path class="trend__line" d=line></path>
                    </svg>
                    {numbers
                        .into_iter()
                        .map(|mark| {
                            view! {
                                <span class="trend__number" style:top=percent(mark.at)>
                                    {mark.word}
                                </span>
                            }
                        })
                        .collect_view()}
                    {points
                        .iter()
                        .enumerate()
                        .skip(unmarked)
                        .map(|(at, (x, y))| {
                            view! {
                                <span
                                    class="trend__point"
                                    class:trend__point--out=out(at)
                                    style:left=percent(*x)
                                    style:top=percent(*y)
                                ></span>
                            }
                        })
                        .collect_view()}
                    {dates
                        .into_iter()
                        .map(|mark| {
                            view! {
                                <span class="trend__date" style:left=percent(mark.at)>
                                    {mark.word}
                                </span>
                            }
                        })
                        .collect_view()}
                </div>
            </div>
        }
    });
    view! {
        <figure class="trend">
            {drawn} <figcaption class="trend__words">
                {words} " " {range.map(|range| view! { <span class="trend__reference">{range}"."</span> })}
            </figcaption>
            <details class="trend__values">
                <summary>"Values as a table"</summary>
                <ValueTable course=course />
            </details>
        </figure>
    }
}

#[component]
fn ValueTable(course: Course) -> impl IntoView {
    let placed = course.low.is_some() || course.high.is_some();
    let earlier = course.points.len().saturating_sub(MARKED);
    let more = (earlier > 0).then(|| {
        let said = format!("{} before these are in the records.", count(earlier, "value", "values"));
        view! { <p class="second">{sentence(&said)}</p> }
    });
    let rows = course.points.iter().rev().take(MARKED).map(|point| {
        let (when, written) = (point.when.clone(), course.with_unit(&point.written));
        let place = placed.then(|| view! { <td>{sentence(course.place(point.value))}</td> });
        view! {
            <tr>
                <th scope="row">{when}</th>
                <td>{written}</td>
                {place}
            </tr>
        }
    });
    view! {
        <table class="trend__table">
            <caption class="unseen">{course.name.clone()}</caption>
            <thead class="unseen">
                <tr>
                    <th scope="col">"When"</th>
                    <th scope="col">"Value"</th>
                    {placed.then(|| view! { <th scope="col">"Range"</th> })}
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
        {more}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i64, month: i64, day: i64) -> i64 {
        days_from_civil(year, month, day) * DAY
    }

    fn course(values: &[(i64, f64)], low: Option<f64>, high: Option<f64>) -> Course {
        let point = |(at, value): &(i64, f64)| TrendPoint {
            at: *at,
            when: format!("day {}", at / DAY),
            value: *value,
            written: value.to_string(),
        };
        let points: Arc<[TrendPoint]> = values.iter().map(point).collect();
        let (name, unit, upto) = ("LDL cholesterol".into(), "mmol/L".into(), points.len());
        Course { name, unit, points, upto, low, high, range: String::new() }
    }

    #[test]
    fn values_stand_by_time_and_above_the_range() {
        let values = [(day(2026, 1, 1), 3.0), (day(2026, 2, 1), 3.2), (day(2026, 11, 1), 4.0)];
        let plot = plot(&course(&values, None, Some(3.4))).unwrap();
        let [(first, _), (second, _), (last, height)] = plot.points.as_slice() else { panic!() };
        assert!((first - EDGE).abs() < 1e-9 && (last - (100.0 - EDGE)).abs() < 1e-9);
        // A month after the first and nine before the last.
        assert!((10.0..20.0).contains(second));
        let (above, below) = plot.band.unwrap();
        assert!(*height < above && (below - 100.0).abs() < 1e-9);
    }

    #[test]
    fn dates_are_beginnings_of_years_months_or_days_and_few() {
        let words = |first, last| dates(first, last).into_iter().map(|(_, word)| word).collect::<Vec<_>>();
        assert_eq!(words(day(2012, 5, 3), day(2026, 11, 19)), ["2015", "2020", "2025"]);
        assert_eq!(words(day(2026, 1, 20), day(2026, 11, 19)), ["Apr 2026", "Jul 2026", "Oct 2026"]);
        assert_eq!(words(day(2026, 11, 1), day(2026, 11, 8)), ["1 Nov", "3 Nov", "5 Nov", "7 Nov"]);
        for (first, last) in [(0, DAY), (day(1931, 1, 1), day(2026, 1, 1)), (-5_000 * DAY, 0), (0, 70 * DAY)] {
            let found = words(first, last);
            assert!((1..=5).contains(&found.len()), "{found:?}");
        }
    }

    #[test]
    fn one_day_equal_values_and_enormous_ones_are_drawn_or_left_out() {
        for values in
            [[(0, 5.0), (0, 5.0)], [(0, 0.0), (0, 0.0)], [(0, 1e-7), (9, 1e20)], [(0, f64::MAX), (1, f64::MIN)]]
        {
            if let Some(plot) = plot(&course(&values, Some(1.0), None)) {
                assert!(plot.points.iter().all(|(x, y)| x.is_finite() && y.is_finite()));
                assert!(plot.numbers.len() < 12, "{:?}", plot.numbers);
            }
        }
        assert_eq!(plot(&course(&[], None, None)), None);
    }

    #[test]
    fn numbers_have_the_places_of_their_step() {
        assert_eq!(axis_number(4.5, 0.5), "4.5");
        assert_eq!(axis_number(-20.0, 10.0), "−20");
        assert_eq!(axis_number(2e9, 1e9), "2e9");
        assert!((nice_step(0.3) - 0.5).abs() < 1e-12);
        assert!((nice_step(70.0) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn the_sentence_says_what_the_line_shows() {
        let course = course(&[(0, 3.1), (DAY, 4.2), (2 * DAY, 4.05)], None, Some(3.4));
        assert_eq!(
            course.words(),
            "Three values from day 0 to day 2, between 3.1 and 4.2 mmol/L. The newest is 4.05 mmol/L, above the range."
        );
        assert_eq!(course.spark().map(|trend| trend.values.len()), Some(3));
    }
}
