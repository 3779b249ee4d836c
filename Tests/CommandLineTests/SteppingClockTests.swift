import Foundation
import Glibc
import TestKit
import Testing

/// A host whose calendar is set forward and back by two hours, again and again, while a session runs.
@Suite("A clock of the host that steps")
struct SteppingClockTests {
  /// Stands between the program and the C library: every reading of the calendar is an hour fast or an hour slow, in turns of 50 ms. The monotonic clock is as
  /// it is.
  private static let library = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <sys/time.h>
    #include <time.h>
    typedef int (*reader)(clockid_t, struct timespec *);
    static long step(void) {
      struct timespec now;
      ((reader)dlsym(RTLD_NEXT, "clock_gettime"))(CLOCK_MONOTONIC, &now);
      return now.tv_nsec / 50000000 % 2 ? 3600 : -3600;
    }
    int clock_gettime(clockid_t clock, struct timespec *time) {
      int status = ((reader)dlsym(RTLD_NEXT, "clock_gettime"))(clock, time);
      if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) time->tv_sec += step();
      return status;
    }
    int gettimeofday(struct timeval *restrict time, void *restrict zone) {
      struct timespec now;
      clock_gettime(CLOCK_REALTIME, &now);
      time->tv_sec = now.tv_sec;
      time->tv_usec = now.tv_nsec / 1000;
      return 0;
    }
    time_t time(time_t *result) {
      struct timespec now;
      clock_gettime(CLOCK_REALTIME, &now);
      if (result) *result = now.tv_sec;
      return now.tv_sec;
    }
    """

  @Test func doesNotDisturbTheSession() async throws {
    let folder = try Folder()
    let source = try folder.write(Self.library, to: "step.c")
    let compiled = try await Program([
      "/usr/bin/env", "clang", "-shared", "-fPIC", "-O1", "-o", folder("step.so"), source, "-ldl",
    ]).end()
    try #require(compiled.status == 0, "\(compiled.errors)")
    let stem = try await Session.simulate(in: folder, ["--trials", "1", "--hold-s", "2", "--duration-s", "9"])
    let player = try await Session.player(stem + ".mcap", "--speed", "4")
    let recording = folder("r.mcap")
    let stream = try await talus(
      "stream", "--port", player.port, "--protocol", "witmotion", "--record", recording,
      environment: ["LD_PRELOAD": folder("step.so")])
    #expect(stream.status == 0)
    _ = try await player.program.end()
    let times = try stream.lines.map(jsonObject).compactMap { $0["t_s"] as? Double }
    // Nine seconds of samples at four times their pace; a step would be a hole of hours, or time that stands.
    #expect(times.count > 850 && times.first == 0)
    let last = try #require(times.last)
    #expect(last > 2 && last < 4, "\(last)")
    #expect(zip(times, times.dropFirst()).allSatisfy { $1 >= $0 && $1 - $0 < 0.5 })
    let replay = try await talus("replay", recording)
    #expect(engineLines(replay.output) == engineLines(stream.output))
    // The anchor is the calendar's one reading, an hour off here: so the library did stand between.
    let found = try jsonObject(try await talus("inspect", recording, "--json").lines[0])
    let said = try #require(found["recorded_on"] as? String)
    let format = Date.ISO8601FormatStyle().year().month().day().dateSeparator(.dash)
      .dateTimeSeparator(.space).time(includingFractionalSeconds: false)
    let date = try Date(String(said.prefix(16)) + ":00", strategy: format)
    let off = abs(date.timeIntervalSinceNow) / 60
    #expect(off > 57 && off < 63, "\(said)")
    #expect(found["duration_s"] as? Double == last)
  }
}
