using System.Diagnostics;
using System.Diagnostics.Metrics;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Peer.Telemetry;
using Xunit;

namespace Replica.Tests.Properties.Host.Watching;

/// <summary>The instruments and activities of a home: their names and units are what the page tells, and nothing is in them that names anybody.</summary>
public sealed class TelemetryTests : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("replica-telemetry-").FullName;
    private readonly OwnMeters _meters = new();

    [Fact]
    public async Task Instruments_have_the_names_and_units_on_the_page()
    {
        var seen = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (_meters.IsOwn(instrument.Meter))
                {
                    seen.Add($"{instrument.Name} {instrument.Unit}");
                }
            },
        };
        listener.Start();
        await using var home = await OpenAsync();

        Assert.Equal(
            [
                "replica.backups {backup}", "replica.changes.applied {change}", "replica.commit.duration s", "replica.commits {commit}",
                "replica.connection.attempts {attempt}", "replica.runs.refused {run}", "replica.session.io By", "replica.sessions {session}",
                "replica.spaces {space}", "replica.store.queue {request}", "replica.store.size By", "replica.store.wal By",
            ],
            seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Commits_and_changes_are_counted_and_timed_once_each()
    {
        var sums = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (_meters.IsOwn(instrument.Meter))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, 1, tags));
        listener.Start();
        await using var home = await OpenAsync();
        var space = await home.CreateSpaceAsync("canary-space");
        sums.Clear();

        for (var i = 0; i < 3; i++)
        {
            _ = await space.WriteAsync([new Mutation.PutNode("canary-node", "canary-type", [new("canary-field", Value.From($"canary-value-{i}"))])]);
        }

        _ = await space.GetNodeAsync("canary-node");
        listener.RecordObservableInstruments();
        Assert.Equal(3, sums["replica.commits"]);
        Assert.Equal(3, sums["replica.commit.duration"]);
        Assert.Equal(3, sums["replica.changes.applied origin=local"]);
        Assert.Equal(1, sums["replica.spaces"]);
        Assert.True(sums["replica.store.size"] > 0);
        Assert.DoesNotContain(sums.Keys, static key => key.Contains("canary", StringComparison.Ordinal));

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var key = instrument.Name;
            foreach (var (name, tag) in tags)
            {
                key += $" {name}={tag}";
            }

            lock (sums)
            {
                sums[key] = sums.GetValueOrDefault(key) + value;
            }
        }
    }

    [Fact]
    public async Task A_write_is_an_activity_that_says_nothing_of_what_was_written()
    {
        var ended = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == PeerTelemetry.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (ended)
                {
                    ended.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var home = await OpenAsync();
        var space = await home.CreateSpaceAsync("main");
        using var around = new Activity("the test").Start();

        _ = await space.WriteAsync([new Mutation.PutNode("canary-node", null, [])]);

        // Other tests write at the same time; this one's writes are below its own activity.
        var own = Assert.Single(ended.ToArray(), activity => activity.TraceId == around.TraceId);
        Assert.Equal("replica.write", own.OperationName);
        Assert.Empty(own.TagObjects);
    }

    public ValueTask DisposeAsync()
    {
        _meters.Dispose();
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    private Task<ReplicaHome> OpenAsync() =>
        ReplicaHome.OpenOrCreateAsync(new HomeOptions { Directory = Path.Combine(_root, "home"), Meters = _meters });

    /// <summary>Meters of this test alone: others run beside it.</summary>
    private sealed class OwnMeters : IMeterFactory
    {
        private readonly List<Meter> _made = [];

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            var meter = new Meter(options);
            _made.Add(meter);
            return meter;
        }

        public bool IsOwn(Meter meter) => meter.Scope == this;

        public void Dispose() => _made.ForEach(static meter => meter.Dispose());
    }
}
