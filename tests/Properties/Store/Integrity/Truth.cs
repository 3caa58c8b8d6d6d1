using Replica.Crdt.Causality;
using Replica.Peer.Store;
using Replica.Testing.Ledgers;

namespace Replica.Tests.Properties.Store.Integrity;

/// <summary>What a sound space holds, to be compared with what damage made of it, and a place for damaged copies.</summary>
internal sealed class Truth : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("replica-damage-").FullName;

    /// <summary>Takes it down.</summary>
    /// <param name="file">The space.</param>
    /// <param name="killed">Its file and write-ahead log as a killed process leaves them; null for those of an orderly end.</param>
    public Truth(SpaceFile file, (byte[] Database, byte[] Log)? killed)
    {
        Log = killed?.Log;
        Space = file.Space;
        Identity = file.Identity;
        using (var engine = file.Open())
        {
            var ledger = new SpaceLedger(engine, Identity);
            Lines = LedgerState.ToLines(ledger, engine);
            Positions = ledger.Positions().ToDictionary(static at => at.Log, static at => at.Seq);
        }

        Database = killed?.Database ?? File.ReadAllBytes(file.Path);
    }

    public byte[] Database { get; }

    public byte[]? Log { get; }

    public string Path => System.IO.Path.Combine(_folder, "damaged.db");

    public SpaceId Space { get; }

    public LedgerIdentity Identity { get; }

    public IReadOnlyList<string> Lines { get; }

    public IReadOnlyDictionary<LogId, ulong> Positions { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
