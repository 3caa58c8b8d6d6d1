using System.Buffers.Binary;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Transport.Crypto;

namespace Replica.Tests.EndToEnd.Security;

/// <summary>A log written without any of the rules: what it is told to write, it writes and signs.</summary>
internal sealed class HostileLog
{
    private readonly DeviceKeyPair _device;
    private readonly SpaceId _space;
    private readonly IncarnationNonce _nonce;
    private readonly AuthorKey _author;
    private readonly List<ChainHead> _heads = [ChainHead.Empty];

    public HostileLog(DeviceKeyPair device, SpaceId space, ulong nonce = 1)
    {
        (_device, _space, _nonce) = (device, space, new(nonce));
        _author = AuthorKey.FromBytes(device.PublicKey.ToArray());
        Log = LogId.Derive(_author, _nonce);
    }

    /// <summary>Its name.</summary>
    public LogId Log { get; }

    /// <summary>How many changes it has.</summary>
    public ulong Seq => (ulong)_heads.Count - 1;

    /// <summary>The position of its last change.</summary>
    public Position Tip => new(Log, Seq, _heads[^1].Prefix);

    /// <summary>The group that begins every log.</summary>
    public OperationGroup Header => new(Target.Space.Instance, [new Operation.Header(_author, _nonce, "hostile")]);

    /// <summary>Makes a node, as a group.</summary>
    public static OperationGroup Node(string id) => new(new Target.Node(id), [new Operation.Create()]);

    /// <summary>The next change.</summary>
    public Change Next(long milliseconds, Position[] deps, params OperationGroup[] groups)
    {
        OperationGroup[] all = Seq == 0 ? [Header, .. groups] : groups;
        return Keep(ChangeCodec.Encode(new(Log, Seq + 1), HybridTimestamp.FromUnixMilliseconds(milliseconds), deps, all));
    }

    /// <summary>Takes any bytes as the next change.</summary>
    public Change Next(byte[] bytes) => Keep(new(new(Log, Seq + 1), default, [], [], bytes));

    /// <summary>The last changes as one signed run.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="signer">Who signs instead of the device.</param>
    /// <param name="text">What is signed instead of the head.</param>
    public SignedRun Run(Change[] changes, DeviceKeyPair? signer = null, byte[]? text = null)
    {
        var first = Seq - (ulong)changes.Length;
        var seq = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(seq, Seq);
        text ??= SigningLabels.Build(SigningLabels.Head, _space.ToArray(), Log.ToArray(), seq, _heads[^1].ToArray());
        return new(
            Log, first, _heads[(int)first].Prefix, [.. changes.Select(static change => change.Bytes)], new((signer ?? _device).Sign(text)));
    }

    private Change Keep(Change change)
    {
        _heads.Add(_heads[^1].Append(change.Hash()));
        return change;
    }
}
