using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Peer.Membership;
using Replica.Peer.Store;
using Replica.Peer.Store.Integrity;
using Replica.Peer.Store.Sqlite;
using Replica.Testing;
using Replica.Testing.Ledgers;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Store.Integrity;

/// <summary>
/// Silent corruption: whatever bits a disk turns, opening or verifying finds it, or it changes nothing. <c>REPLICA_FLIPS</c> tries so
/// many flips; <c>REPLICA_SEED</c> tries one seed.
/// </summary>
public sealed class CorruptionTests(ITestOutputHelper output) : IDisposable
{
    private const int FlipsDefault = 420;
    private const int PageBytes = 4096;
    private readonly SortedDictionary<string, int> _outcomes = new(StringComparer.Ordinal);

    public void Dispose() => output.WriteLine(string.Join(", ", _outcomes.Select(static pair => $"{pair.Value} {pair.Key}")));

    [Fact]
    public void F7_every_flipped_bit_of_the_database_is_found_or_harmless()
    {
        using var whole = new SpaceFile();
        using var truth = new Truth(whole, null);
        Each(FlipsDefault, chance =>
        {
            var bytes = truth.Database.ToArray();
            var at = Flip(bytes, chance);
            Judge(truth, bytes, null, $"bit {at} of the database");
        });
    }

    [Fact]
    public void F7_every_flipped_bit_of_the_write_ahead_log_is_found_or_gives_an_earlier_state()
    {
        using var whole = new SpaceFile();
        using var truth = new Truth(whole, WithLog(whole));
        Judge(truth, truth.Database, truth.Log, "nothing");
        Assert.Equal(1, _outcomes["harmless"]);
        Each(60, chance =>
        {
            var log = truth.Log!.ToArray();
            var at = Flip(log, chance);
            Judge(truth, truth.Database, log, $"bit {at} of the write-ahead log", mayBeEarlier: true);
        });
    }

    [Fact]
    public void F7_cut_files_swapped_pages_and_old_pages_are_found_or_harmless()
    {
        using var whole = new SpaceFile();
        var before = File.ReadAllBytes(whole.Path);
        using var truth = new Truth(whole, null);
        Each(60, chance =>
        {
            var bytes = truth.Database.ToArray();
            var pages = bytes.Length / PageBytes;
            var (a, b) = (chance.Below(pages), chance.Below(pages));
            switch (chance.Below(3))
            {
                case 0:
                    var length = chance.Below(bytes.Length);
                    Judge(truth, bytes[..length], null, $"cut to {length} bytes");
                    break;
                case 1:
                    truth.Database.AsSpan(a * PageBytes, PageBytes).CopyTo(bytes.AsSpan(b * PageBytes));
                    truth.Database.AsSpan(b * PageBytes, PageBytes).CopyTo(bytes.AsSpan(a * PageBytes));
                    Judge(truth, bytes, null, $"pages {a} and {b} swapped");
                    break;
                default:
                    // A page that was never written: what was there before, here of a space that was emptied.
                    bytes.AsSpan(a * PageBytes, PageBytes).Fill((byte)chance.Below(2));
                    Judge(truth, bytes, null, $"page {a} lost");
                    break;
            }
        });
        Assert.Equal(before, truth.Database);
    }

    [Fact]
    public void F7_an_old_page_put_back_is_found_or_harmless()
    {
        using var whole = new SpaceFile();
        var old = File.ReadAllBytes(whole.Path);
        _ = WithLog(whole);
        whole.Sql("PRAGMA wal_checkpoint(TRUNCATE)");
        using var truth = new Truth(whole, null);
        for (var page = 0; page < old.Length / PageBytes; page++)
        {
            var bytes = truth.Database.ToArray();
            old.AsSpan(page * PageBytes, PageBytes).CopyTo(bytes.AsSpan(page * PageBytes));
            Judge(truth, bytes, null, $"page {page} of yesterday");
        }
    }

    [Fact]
    public void F7_every_flipped_bit_of_a_key_file_is_found_or_gives_another_key()
    {
        var folder = Directory.CreateTempSubdirectory("replica-keys-").FullName;
        try
        {
            Each(20, chance =>
            {
                Directory.Delete(folder, recursive: true);
                _ = Directory.CreateDirectory(folder);
                var keys = KeyStore.Open(folder);
                using var device = keys.LoadOrCreateDevice();
                using var secret = SpaceSecret.Create();
                var space = new SpaceId(new(1, 2));
                keys.StoreSecret("main", space, secret);
                var path = Path.Combine(folder, "keys", chance.Percent(50) ? "device.key" : "main.secret");
                var bytes = File.ReadAllBytes(path);
                var at = Flip(bytes, chance);
                File.WriteAllBytes(path, bytes);

                // A changed seed is another device, which no space lets in; a changed secret opens nothing; a changed name is refused.
                using var found = keys.LoadOrCreateDevice();
                using var stored = keys.TryLoadSecret("main")!;
                Assert.True(
                    found.PublicKey != device.PublicKey || stored.Space != space || !stored.Secret.FixedTimeEquals(secret), $"bit {at} of {path}");
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Opens the damaged file as a home does, then verifies it; what neither refuses must be what was there.</summary>
    private void Judge(Truth truth, byte[] database, byte[]? log, string what, bool mayBeEarlier = false)
    {
        File.WriteAllBytes(truth.Path, database);
        File.Delete(truth.Path + "-shm");
        if (log is null)
        {
            File.Delete(truth.Path + "-wal");
        }
        else
        {
            File.WriteAllBytes(truth.Path + "-wal", log);
        }

        IReadOnlyDictionary<LogId, ulong> positions;
        try
        {
            Assert.Null(SpaceMigration.RunIfOlder(truth.Path, truth.Identity));
            using (var engine = SqliteEngine.Open(truth.Path, mayCreate: false))
            {
                positions = new SpaceLedger(engine, truth.Identity).Positions().ToDictionary(static at => at.Log, static at => at.Seq);
            }

            var found = new SpaceVerification(truth.Path, truth.Path + "-verify", truth.Space, truth.Identity)
                .Run(CancellationToken.None).OfType<IntegrityEvent.Found>().FirstOrDefault();
            if (found is not null)
            {
                Count(found.Damage.Code);
                return;
            }
        }
        catch (Exception refused) when (refused is StoreException or EncodingException or ArgumentException or FormatException
            or InvalidOperationException or OverflowException or UnknownOperationException)
        {
            Count("refused at open");
            return;
        }

        // Whatever fails from here on was let through.
        using var sound = SqliteEngine.Open(truth.Path, mayCreate: false);
        var lines = LedgerState.ToLines(new(sound, truth.Identity), sound);
        if (mayBeEarlier && positions.Values.Sum(static seq => (long)seq) < truth.Positions.Values.Sum(static seq => (long)seq))
        {
            Count("earlier state");
            Assert.All(positions, at => Assert.True(at.Value <= truth.Positions[at.Key], $"{what}: {at} was never there"));
            return;
        }

        Count("harmless");
        Assert.True(truth.Lines.SequenceEqual(lines), $"{what} changed what shows and was not found");
        Assert.True(truth.Positions.OrderBy(static at => at.Key).SequenceEqual(positions.OrderBy(static at => at.Key)), $"{what} changed the logs");
    }

    private void Count(string outcome) => _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;

    /// <summary>Writes a little more and leaves it in the write-ahead log, as a process that is killed does.</summary>
    private static (byte[] Database, byte[] Log) WithLog(SpaceFile file)
    {
        using var engine = file.Open();
        var ledger = new SpaceLedger(engine, new SimulatedSigner(engine.Load().Logs[0].Author));
        for (var i = 0; i < 12; i++)
        {
            ledger.Begin();
            _ = ledger.Transact(
                tx =>
                {
                    tx.Add(new Target.Node($"n{i % 3}"), new Operation.SetField("late", Value.From(i)));
                    return i;
                },
                ("late", new(9)), SpaceFile.FarFuture + i, out _);
            ledger.Commit();
        }

        return (ReadShared(file.Path), ReadShared(file.Path + "-wal"));
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static int Flip(byte[] bytes, Chance chance)
    {
        var at = chance.Below(bytes.Length * 8);
        bytes[at / 8] ^= (byte)(1 << (at % 8));
        return at;
    }

    private void Each(int count, Action<Chance> attempt)
    {
        if (Environment.GetEnvironmentVariable("REPLICA_FLIPS") is { } asked)
        {
            count = int.Parse(asked) * count / FlipsDefault;
        }

        Seeds.ForEach(output, attempt, count);
    }
}
