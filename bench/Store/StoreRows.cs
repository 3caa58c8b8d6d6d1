using System.Diagnostics;
using System.Globalization;

namespace Replica.Bench.Store;

/// <summary>The rows of the store beside the import: updates, commits one by one and many at once, reads, opening.</summary>
internal static class StoreRows
{
    private const ulong Seed = 2;
    private const int RecordCount = 20_000;
    private const int UpdateCount = 50_000;
    private const int UpdatesInTransaction = 1_000;
    private const int CommitCount = 500;
    private const int CallerCount = 64;
    private const int SharedCommitCount = 64 * 40;
    private const int ReadCount = 50_000;
    private const int FsyncSamples = 50;

    private static readonly Lazy<Record[]> s_records = new(() => Records.Generate(Seed, RecordCount));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<IRow> All() => [Updates(), Commits(), Callers(), Reads(), new SpaceOpening()];

    private static StoreRow Updates() => new(
        "W2",
        $"{UpdateCount:#,0} updates of one field among {RecordCount:#,0} records, 1,000 a transaction, fsync at each commit",
        UpdateCount,
        [
            ("plain", () => new PlainContender(s_records.Value, table =>
            {
                var chance = new SplitMix64(Seed);
                var done = 0L;
                while (done < UpdateCount)
                {
                    table.Begin();
                    for (var i = 0; i < UpdatesInTransaction; i++)
                    {
                        done += table.Update(Pick(ref chance), chance.Below(1_000_000));
                    }

                    table.Commit();
                }

                return done;
            })),
            ("replica", () => new ReplicaContender(s_records.Value, static async (space, cancellationToken) =>
            {
                var chance = new SplitMix64(Seed);
                var done = 0L;
                while (done < UpdateCount)
                {
                    var updates = new Peer.Host.Mutation[UpdatesInTransaction];
                    for (var i = 0; i < UpdatesInTransaction; i++)
                    {
                        updates[i] = ReplicaRecords.ToUpdate(Pick(ref chance), chance.Below(1_000_000));
                    }

                    done += await space.WriteAsync(updates, cancellationToken);
                }

                return done;
            })),
        ]);

    private static StoreRow Commits() => new(
        "W3",
        $"{CommitCount} records, each durable before the next is written; {FsyncTime()}",
        CommitCount,
        [
            ("plain", static () => new PlainContender([], static table =>
            {
                var done = 0L;
                foreach (var record in s_records.Value.Take(CommitCount))
                {
                    table.Begin();
                    done += table.Insert(record);
                    table.Commit();
                }

                return done;
            })),
            ("replica", static () => new ReplicaContender([], static async (space, cancellationToken) =>
            {
                var done = 0L;
                foreach (var record in s_records.Value.Take(CommitCount))
                {
                    done += await space.WriteAsync([ReplicaRecords.ToMutation(record)], cancellationToken);
                }

                return done;
            })),
        ]);

    private static StoreRow Callers() => new(
        "W4",
        $"{SharedCommitCount:#,0} durable writes of one record by one caller and by {CallerCount} at a time; {FsyncTime()}",
        SharedCommitCount,
        [
            ("one caller", static () => new ReplicaContender([], static (space, cancellationToken) => WriteAsync(space, 1, cancellationToken))),
            ($"{CallerCount} callers", static () => new ReplicaContender([], static (space, cancellationToken) =>
                WriteAsync(space, CallerCount, cancellationToken))),
        ]);

    private static StoreRow Reads() => new(
        "W6",
        $"{ReadCount:#,0} records read by id among {RecordCount:#,0}",
        ReadCount,
        [
            ("plain", static () => new PlainContender(s_records.Value, static table =>
            {
                var chance = new SplitMix64(Seed);
                var done = 0L;
                for (var i = 0; i < ReadCount; i++)
                {
                    done += table.Read(Pick(ref chance)) ? 1 : 0;
                }

                return done;
            }, isClosed: false)),
            ("replica", static () => new ReplicaContender(s_records.Value, static async (space, cancellationToken) =>
            {
                var chance = new SplitMix64(Seed);
                var done = 0L;
                for (var i = 0; i < ReadCount; i++)
                {
                    done += await space.ReadAsync(Pick(ref chance), cancellationToken) ? 1 : 0;
                }

                return done;
            }, isClosed: false)),
        ]);

    private static string Pick(ref SplitMix64 chance) => s_records.Value[chance.Below(RecordCount)].Id;

    private static async Task<long> WriteAsync(ReplicaRecords space, int callers, CancellationToken cancellationToken)
    {
        var share = SharedCommitCount / callers;
        var done = await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            var written = 0L;
            for (var i = 0; i < share; i++)
            {
                written += await space.WriteAsync([ReplicaRecords.ToMutation(s_records.Value[(caller * share) + i])], cancellationToken);
            }

            return written;
        }));
        return done.Sum();
    }

    /// <summary>What an fsync takes here: a plain commit can't be quicker, and where it takes next to nothing the ratio says little.</summary>
    private static string FsyncTime()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            Options = FileOptions.DeleteOnClose,
        });
        var page = new byte[4096];
        var times = new double[FsyncSamples];
        for (var i = 0; i < times.Length; i++)
        {
            file.Write(page);
            var begun = Stopwatch.GetTimestamp();
            file.Flush(flushToDisk: true);
            times[i] = Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
        }

        Array.Sort(times);
        return string.Create(CultureInfo.InvariantCulture, $"an fsync takes {times[FsyncSamples / 2]:0} µs here");
    }
}
