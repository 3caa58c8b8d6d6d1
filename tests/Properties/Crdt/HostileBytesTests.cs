using System.Text.Json;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Testing;
using Replica.Testing.Histories;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Crdt;

/// <summary>Decoders against bytes that nobody meant well: a typed error or the same bytes again, never anything else.</summary>
public sealed class HostileBytesTests(ITestOutputHelper output)
{
    /// <summary>Of these the generic reader cares; a value's own rules (depth, keys, extensions) are stricter.</summary>
    private const int LevelsMax = 512;

    /// <summary>1.5 in 64 bits where 32 would do: here floats have 64 bits only, so this is the canonical form.</summary>
    private const string OneFloatWidth = "long-15";

    /// <summary>Extension 1, which nobody else defined, is a node reference here.</summary>
    private const string NodeReference = "ext-00";

    /// <summary>Another NaN, a float of 32 bits, a positive number in a signed form: fine elsewhere, refused here.</summary>
    private static readonly string[] OneFormOnly = ["float-01", "float-03", "int-03"];

    /// <summary>Order of names, known extensions, forms of timestamps: rules of values, which the reader below does not know.</summary>
    private static readonly string[] OnlyInValues = ["long-16", "map-02", "ext-01", "ext-02", "ext-03"];

    [Fact]
    public void Hostile_inputs_are_refused_or_read_as_listed()
    {
        if (!SharedFiles.TryFind("vectors/msgpack/msgpack-hostile.json", output, out var path))
        {
            return;
        }

        var faults = new List<string>();
        foreach (var item in JsonDocument.Parse(File.ReadAllBytes(path)).RootElement.GetProperty("cases").EnumerateArray())
        {
            var id = item.GetProperty("id").GetString()!;
            var bytes = BytesOf(item);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var isRead = TryReadAny(bytes);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            var why = $"{id} ({item.GetProperty("why").GetString()})";
            switch (item.GetProperty("expect").GetString())
            {
                case "accept" when isRead == OneFormOnly.Contains(id):
                    faults.Add($"{why}: read {isRead}");
                    break;
                case "reject" or "not-canonical" when id is not (OneFloatWidth or NodeReference)
                    && (TryReadValue(bytes) || (isRead && !OnlyInValues.Contains(id))):
                    faults.Add($"{why} was accepted");
                    break;
            }

            if (allocated > (64L * bytes.Length) + 65_536)
            {
                faults.Add($"{id} made {allocated} bytes out of {bytes.Length}");
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public void Of_all_encodings_of_a_known_value_only_the_canonical_one_is_read()
    {
        if (!SharedFiles.TryFind("vectors/msgpack/msgpack-test-suite.json", output, out var path))
        {
            return;
        }

        var read = 0;
        foreach (var group in JsonDocument.Parse(File.ReadAllBytes(path)).RootElement.EnumerateObject())
        {
            foreach (var item in group.Value.EnumerateArray())
            {
                var encodings = item.GetProperty("msgpack").EnumerateArray()
                    .Select(hex => Convert.FromHexString(hex.GetString()!.Replace("-", "", StringComparison.Ordinal))).ToArray();
                var canonical = encodings.Where(TryReadValue).ToArray();

                // A number with a whole value has two: as an integer and as a float, which are different values here.
                Assert.InRange(canonical.Length, 0, 2);
                Assert.All(canonical, bytes => Assert.Equal(bytes, Rewritten(bytes)));
                var shortest = encodings.Where(bytes => bytes[0] is not (0xca or 0xcb)).Select(bytes => bytes.Length).DefaultIfEmpty().Min();
                Assert.All(canonical.Where(bytes => bytes[0] != 0xcb), bytes => Assert.Equal(shortest, bytes.Length));
                Assert.Equal(canonical.Length, canonical.Select(bytes => bytes[0] == 0xcb).Distinct().Count());
                read += canonical.Length;
            }
        }

        Assert.InRange(read, 60, 120);
        output.WriteLine($"{read} canonical encodings");
    }

    [Fact]
    public void A_change_cut_anywhere_is_refused() => Seeds.ForEach(output, chance =>
    {
        var bytes = chance.Pick(HistoryGenerator.Next(chance).Changes).Change.Bytes;
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<EncodingException>(() => ChangeCodec.Decode(bytes[..length]));
        }

        Assert.Throws<EncodingException>(() => ChangeCodec.Decode((byte[])[.. bytes.Span, 0xc0]));
    }, cases: 20);

    [Fact]
    public void A_mutated_change_is_refused_or_is_canonical_still() => Seeds.ForEach(output, chance =>
    {
        var bytes = chance.Pick(HistoryGenerator.Next(chance).Changes).Change.Bytes.ToArray();
        for (var i = 0; i < 200; i++)
        {
            var mutated = Mutate(bytes, chance);
            try
            {
                var change = ChangeCodec.Decode(mutated);
                if (!change.Groups.Any(g => g.Operations.Any(o => o is Operation.Advisory)))
                {
                    Assert.Equal(mutated, ChangeCodec.Encode(change.Dot, change.Time, change.Deps, change.Groups).Bytes.ToArray());
                }
            }
            catch (EncodingException)
            {
                // Refused by its type: the other allowed outcome.
            }
            catch (UnknownOperationException)
            {
                // A binding operation of a newer version: held.
            }
        }
    }, cases: 50);

    [Fact]
    public void A_run_cut_anywhere_is_refused()
    {
        var run = RunOf(new byte[3], new byte[5]);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        SignedRunCodec.Write(new(buffer), run);
        var bytes = buffer.WrittenMemory.ToArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<EncodingException>(() => ReadRun(bytes[..length]));
        }

        var again = ReadRun(bytes);
        Assert.Equal(run.Changes.Select(c => c.ToArray()), again.Changes.Select(c => c.ToArray()));
        Assert.Equal(run.Signature, again.Signature);
    }

    [Fact]
    public void A_run_over_its_limits_is_refused()
    {
        Refused(RunOf());
        Refused(RunOf([.. Enumerable.Range(0, ChangeLimits.RunChangesMax + 1).Select(_ => new byte[1])]));
        Refused(RunOf(new byte[ChangeLimits.RunBytesMax], new byte[1]));
        Refused(RunOf(new byte[1]) with { BaseSeq = ChangeLimits.SeqMax });
        Taken(RunOf([.. Enumerable.Range(0, ChangeLimits.RunChangesMax).Select(_ => new byte[1])]));
        Taken(RunOf(new byte[ChangeLimits.RunBytesMax]));
    }

    [Fact]
    public void A_change_over_its_limits_is_refused()
    {
        var log = new LogId(1);
        Assert.Throws<EncodingException>(() => ChangeCodec.Decode(new byte[ChangeLimits.ChangeBytesMax + 1]));
        Refuses(new(log, 0), [], new Target.Node("x"), "empty seq");
        Refuses(new(log, ChangeLimits.SeqMax + 1), [], new Target.Node("x"), "great seq");
        Refuses(new(log, 2), [new(log, 1, default)], new Target.Node("x"), "dep on its own log");
        Refuses(new(log, 2), [new(new(2), 0, default)], new Target.Node("x"), "dep on nothing");
        Refuses(new(log, 2), [new(new(3), 1, default), new(new(2), 1, default)], new Target.Node("x"), "deps descending");
        Refuses(new(log, 2), [new(new(2), 1, default), new(new(2), 1, default)], new Target.Node("x"), "deps twice");
        Refuses(new(log, 1), [], new Target.Node("x"), "no header");
        Refuses(new(log, 2), [], Target.Space.Instance, "create on the space");
        Assert.Throws<EncodingException>(() => ChangeCodec.Decode(ChangeCodec.Encode(new(log, 2), default, [], []).Bytes));
        Assert.Throws<EncodingException>(() => ChangeCodec.Decode(
            ChangeCodec.Encode(new(log, 2), default, [], [new(new Target.Node("x"), [])]).Bytes));
        Assert.Throws<EncodingException>(() => ChangeCodec.Decode(ChangeCodec.Encode(
            new(log, 2), default, [], [new(Target.Space.Instance, [new Operation.Header(default, default, "")])]).Bytes));
        Assert.Throws<EncodingException>(() => ChangeCodec.Decode(ChangeCodec.Encode(
            new(log, 2), default, [], [new(Target.Space.Instance, [new Operation.Promote(default, Role.None)])]).Bytes));
    }

    private static void Refuses(Dot dot, Position[] deps, Target target, string why)
    {
        var bytes = ChangeCodec.Encode(dot, default, deps, [new(target, [new Operation.Create()])]).Bytes;
        Assert.True(Record.Exception(() => ChangeCodec.Decode(bytes)) is EncodingException, why);
    }

    private static byte[] Mutate(byte[] bytes, Chance chance)
    {
        var mutated = bytes.ToList();
        for (var left = chance.Between(1, 3); left > 0 && mutated.Count > 0; left--)
        {
            var at = chance.Below(mutated.Count);
            switch (chance.Below(4))
            {
                case 0:
                    mutated[at] ^= (byte)(1 << chance.Below(8));
                    break;
                case 1:
                    mutated[at] = (byte)chance.Below(256);
                    break;
                case 2:
                    mutated.RemoveAt(at);
                    break;
                default:
                    mutated.Insert(at, (byte)chance.Below(256));
                    break;
            }
        }

        return [.. mutated];
    }

    private static SignedRun RunOf(params byte[][] changes) =>
        new(new(1), 4, new(2), [.. changes.Select(c => new ReadOnlyMemory<byte>(c))], new(new byte[64]));

    private static void Refused(SignedRun run) => Assert.Throws<EncodingException>(() => Taken(run));

    private static void Taken(SignedRun run)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        SignedRunCodec.Write(new(buffer), run);
        _ = ReadRun(buffer.WrittenMemory.ToArray());
    }

    private static SignedRun ReadRun(byte[] bytes)
    {
        var reader = new MessagePackReader(bytes);
        var run = SignedRunCodec.Read(ref reader);
        reader.ReadEnd();
        return run;
    }

    private static byte[] BytesOf(JsonElement item)
    {
        if (item.TryGetProperty("hex", out var hex))
        {
            return Convert.FromHexString(hex.GetString()!);
        }

        var bytes = new List<byte>();
        foreach (var part in item.GetProperty("repeat").EnumerateArray())
        {
            var unit = Convert.FromHexString(part[0].GetString()!);
            for (var i = part[1].GetInt32(); i > 0; i--)
            {
                bytes.AddRange(unit);
            }
        }

        return [.. bytes];
    }

    /// <summary>Any one item, with whatever extension types and whatever map keys.</summary>
    private static bool TryReadAny(byte[] bytes)
    {
        try
        {
            var reader = new MessagePackReader(bytes);
            ReadAny(ref reader, 0);
            reader.ReadEnd();
            return true;
        }
        catch (EncodingException)
        {
            return false;
        }
    }

    private static void ReadAny(ref MessagePackReader reader, int level)
    {
        if (level > LevelsMax)
        {
            throw reader.Error($"more than {LevelsMax} levels");
        }

        switch (reader.NextType())
        {
            case MessagePackType.Nil:
                _ = reader.TryReadNil();
                break;
            case MessagePackType.Boolean:
                _ = reader.ReadBoolean();
                break;
            case MessagePackType.Integer when reader.Slice(reader.Consumed, reader.Consumed + 1)[0] is < 0x80 or (>= 0xcc and <= 0xcf):
                _ = reader.ReadUInt64();
                break;
            case MessagePackType.Integer:
                _ = reader.ReadInt64();
                break;
            case MessagePackType.Float:
                _ = reader.ReadDouble();
                break;
            case MessagePackType.String:
                _ = reader.ReadString(int.MaxValue);
                break;
            case MessagePackType.Binary:
                _ = reader.ReadBinary(int.MaxValue);
                break;
            case MessagePackType.Extension:
                _ = reader.ReadExtension(int.MaxValue, out _);
                break;
            case MessagePackType.Array:
                for (var left = reader.ReadArrayHeader(int.MaxValue); left > 0; left--)
                {
                    ReadAny(ref reader, level + 1);
                }

                break;
            default:
                var names = new HashSet<string>();
                for (var left = reader.ReadMapHeader(int.MaxValue); left > 0; left--)
                {
                    if (!names.Add(reader.ReadString(int.MaxValue)))
                    {
                        throw reader.Error("a name stands twice");
                    }

                    ReadAny(ref reader, level + 1);
                }

                break;
        }
    }

    private static bool TryReadValue(byte[] bytes)
    {
        try
        {
            var reader = new MessagePackReader(bytes);
            _ = ValueCodec.Read(ref reader);
            reader.ReadEnd();
            return true;
        }
        catch (EncodingException)
        {
            return false;
        }
    }

    private static byte[] Rewritten(byte[] bytes)
    {
        var reader = new MessagePackReader(bytes);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        ValueCodec.Write(new(buffer), ValueCodec.Read(ref reader));
        return buffer.WrittenSpan.ToArray();
    }
}
