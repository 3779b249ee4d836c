import Motion

/// The delays of the last second or so, to find the place of a loss that shows only later, as a delay that stays.
struct DelayHistory: Sendable {
  private struct Slot: Sendable {
    var began: Double
    var delay: Double
    /// Of the last sample before the slot, and of the slot's last.
    var before: SessionTime
    var time: SessionTime
    var isAfterLoss: Bool
  }

  private static let capacity = 256
  /// Samples that arrive within this time (s) share a slot.
  private static let width = 0.004
  private var slots: [Slot] = []
  private var next = 0

  init() { slots.reserveCapacity(Self.capacity) }

  /// Notes a sample: its arrival and its delay, s, its time, and whether bytes were rejected before it.
  mutating func note(arrival y: Double, delay: Double, before: SessionTime, time: SessionTime, isAfterLoss: Bool) {
    if !slots.isEmpty {
      let newest = (next + slots.count - 1) % slots.count
      if y - slots[newest].began < Self.width && !isAfterLoss {
        slots[newest].delay = min(slots[newest].delay, delay)
        slots[newest].time = time
        return
      }
    }
    let slot = Slot(began: y, delay: delay, before: before, time: time, isAfterLoss: isAfterLoss)
    if slots.count < Self.capacity {
      slots.append(slot)
    } else {
      slots[next] = slot
      next = (next + 1) % Self.capacity
    }
  }

  /// The last sample before which certainly nothing was lost: later ones all came at least `delay` (s) late. Where bytes were rejected just once
  /// since then, the loss is there.
  func lastBefore(delay: Double) -> (time: SessionTime, sawRejectedBytes: Bool)? {
    var place: SessionTime?
    var rejected: SessionTime?
    var count = 0
    for back in 0..<slots.count {
      let slot = slots[(next + slots.count - 1 - back) % slots.count]
      if slot.delay <= delay {
        place = slot.time
        break
      }
      place = slot.before
      if slot.isAfterLoss {
        count += 1
        rejected = slot.before
      }
    }
    if count == 1, let rejected { return (rejected, true) }
    return place.map { ($0, count > 0) }
  }

  mutating func forget() {
    slots.removeAll(keepingCapacity: true)
    next = 0
  }
}
