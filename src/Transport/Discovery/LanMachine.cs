using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Replica.Transport.Discovery;

/// <summary>
/// Announces this device on the local network and recognises those that share something with it. Does no I/O, reads no
/// clock, starts no task. Not safe for several threads. Source: docs/protocol-reach.md, section 5; [RFC6762], [RFC6763].
/// </summary>
/// <param name="tagsOf">The tags of ours for an instance name: to announce, or to recognise.</param>
/// <param name="draw">Draws eight random bytes.</param>
/// <param name="options">Times and limits.</param>
internal sealed class LanMachine(Func<string, bool, IReadOnlyList<LanTag>> tagsOf, Func<ulong> draw, LanOptions options)
{
    /// <summary>The service that all peers announce.</summary>
    public const string ServiceName = "_replica._tcp.local";

    private const int PlainPort = 5353;
    private const int OldNamesMax = 8;
    private const int NamesPerPacketMax = 8;
    private const string TagPrefix = "t=";

    private readonly List<LanOutput> _output = [];
    private readonly LanTable _table = new(options);
    private readonly Queue<string> _oldNames = [];
    private readonly Dictionary<LanLink, TimeSpan> _answeredAt = [];
    private IReadOnlyList<LanInterface> _interfaces = [];
    private IReadOnlyList<LanLink> _links = [];
    private string? _name;
    private TimeSpan _renameAt;
    private TimeSpan? _announceAt;
    private TimeSpan? _queryAt;
    private TimeSpan _queryPause;
    private TimeSpan _askedOnSince;
    private int _askedOn;
    private int _port;

    /// <summary>The name in use; null before the first interface is there.</summary>
    public string? Name => _name;

    /// <summary>What was heard, by what it may be used for.</summary>
    public LanTable Table => _table;

    /// <summary>Says where this device can be dialled on each interface; 0 for nowhere: it then only listens.</summary>
    public void SetPort(int port, TimeSpan now)
    {
        if (port != _port)
        {
            (_port, _announceAt) = (port, now);
        }
    }

    /// <summary>Says which interfaces there are. A change gives a new name: nobody can follow a device from net to net.</summary>
    public void SetInterfaces(IReadOnlyList<LanInterface> interfaces, TimeSpan now)
    {
        if (_interfaces.SequenceEqual(interfaces))
        {
            return;
        }

        SayGoodbye();
        _interfaces = interfaces;
        _links = [.. interfaces.Select(static one => new LanLink(one.Index, one.Address.AddressFamily)).Distinct()];
        _table.ForgetOtherLinks([.. interfaces.Select(static one => one.Index)]);
        Rename(now);
    }

    /// <summary>Looks around at once: what is searched for has changed.</summary>
    public void Hurry(TimeSpan now) => (_queryAt, _queryPause, _announceAt) = (now, options.QueryPauseMin, now);

    /// <summary>Takes a packet that came on an interface.</summary>
    public void OnPacket(int index, IPEndPoint from, ReadOnlySpan<byte> packet, TimeSpan now)
    {
        var link = new LanLink(index, from.AddressFamily);
        if (DnsCodec.TryRead(packet) is not { } message || !_links.Contains(link))
        {
            return;
        }

        var source = LanAddress.OnLink(from.Address, index);
        if (!message.IsResponse)
        {
            Answer(link, new(source, from.Port), message, DnsCodec.IdOf(packet), now);
        }
        else if (from.Port == PlainPort)
        {
            // Answers come from the port of the protocol alone: [RFC6762] section 6.
            Learn(link, source, message, now);
        }
    }

    /// <summary>Takes all names back, for when this device leaves.</summary>
    public IReadOnlyList<LanOutput> Leave()
    {
        SayGoodbye();
        return Take();
    }

    /// <summary>Says what is to be sent now, and when to ask again.</summary>
    public (IReadOnlyList<LanOutput> Output, TimeSpan? NextAt) Advance(TimeSpan now)
    {
        if (_links.Count == 0)
        {
            return (Take(), null);
        }

        if (now >= _renameAt)
        {
            SayGoodbye();
            Rename(now);
        }

        if (_announceAt <= now)
        {
            // Twice, a pause apart, since packets get lost; afterwards before the records run out.
            var isFirst = _answeredAt.Count == 0;
            foreach (var link in _links)
            {
                Announce(link, now);
            }

            _announceAt = _port == 0 ? null : now + (isFirst ? options.AnswerPause : TimeSpan.FromSeconds(options.RecordSeconds / 2.0));
        }

        if (_queryAt <= now)
        {
            foreach (var link in _links)
            {
                _output.Add(new(link, null, DnsCodec.WriteQuery(new DnsQuestion(ServiceName, DnsType.Ptr, false))));
            }

            _queryAt = now + _queryPause;
            _queryPause = TimeSpan.FromTicks(Math.Min(options.QueryPauseMax.Ticks, _queryPause.Ticks * 2));
        }

        _table.Expire(now);
        TimeSpan?[] due = [_renameAt, _announceAt, _queryAt, _table.NextExpiry];
        return (Take(), due.Min());
    }

    private static string HostOf(string name) => name + ".local";

    private static string InstanceOf(string name) => $"{name}.{ServiceName}";

    private static bool IsName(string text) => text.Length == 16 && text.All(char.IsAsciiHexDigitLower);

    private void Rename(TimeSpan now)
    {
        if (_name is { } old)
        {
            _oldNames.Enqueue(old);
            while (_oldNames.Count > OldNamesMax)
            {
                _ = _oldNames.Dequeue();
            }
        }

        _name = draw().ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
        _renameAt = now + options.NameLifetime;
        _answeredAt.Clear();
        Hurry(now);
    }

    private void SayGoodbye()
    {
        if (_name is { } name && _port != 0)
        {
            var records = new DnsRecord[] { new DnsRecord.Pointer(ServiceName, 0, InstanceOf(name)) };
            _output.AddRange(_links.Select(link => new LanOutput(link, null, DnsCodec.WriteResponse(0, records))));
        }
    }

    private void Announce(LanLink link, TimeSpan now)
    {
        if (_port != 0)
        {
            _answeredAt[link] = now;
            _output.Add(new(link, null, DnsCodec.WriteResponse(0, OwnRecords(link.Interface))));
        }
    }

    private List<DnsRecord> OwnRecords(int index)
    {
        var name = _name!;
        var strings = new List<ReadOnlyMemory<byte>> { "v=1"u8.ToArray() };
        var tags = tagsOf(name, true).Take(options.TagsMax).ToList();
        while (tags.Count % 4 != 0 || tags.Count == 0)
        {
            tags.Add(new(draw()));
        }

        // In the order of their bytes, so that the place of a tag tells nothing.
        strings.AddRange(tags.OrderBy(static tag => tag.Value).Select(static tag => (ReadOnlyMemory<byte>)Encoding.ASCII.GetBytes(TagPrefix + tag)));
        return
        [
            new DnsRecord.Pointer(ServiceName, options.RecordSeconds, InstanceOf(name)),
            new DnsRecord.Service(InstanceOf(name), options.RecordSeconds, _port, HostOf(name)),
            new DnsRecord.Text(InstanceOf(name), options.RecordSeconds, strings),
            .. OwnAddresses(index).Select(address => new DnsRecord.Address(HostOf(name), options.RecordSeconds, address)),
        ];
    }

    /// <summary>The addresses of an interface: of both families, whichever the packet goes by, and the link-local one first.</summary>
    private IEnumerable<IPAddress> OwnAddresses(int index) => _interfaces.Where(one => one.Index == index).Select(static one => one.Address)
        .GroupBy(static one => one.AddressFamily).OrderBy(static family => family.Key)
        .SelectMany(family => family.OrderBy(static one => !one.IsIPv6LinkLocal).Take(options.NamedPerFamilyMax));

    private void Answer(LanLink link, IPEndPoint from, DnsMessage message, ushort id, TimeSpan now)
    {
        var asked = message.Questions.Where(IsForUs).ToArray();
        if (_port == 0 || asked.Length == 0)
        {
            return;
        }

        if (from.Port != PlainPort)
        {
            _output.Add(new(link, from, DnsCodec.WriteResponse(id, OwnRecords(link.Interface))));
        }
        else if (!_answeredAt.TryGetValue(link, out var last) || now - last >= options.AnswerPause)
        {
            // To all, so that others need not ask; not more often than once a second.
            Announce(link, now);
        }
        else if (asked.Any(static question => question.WantsUnicast))
        {
            _output.Add(new(link, from, DnsCodec.WriteResponse(0, OwnRecords(link.Interface))));
        }
        else
        {
            _announceAt = TimeSpan.FromTicks(Math.Min((_announceAt ?? now).Ticks, (last + options.AnswerPause).Ticks));
        }
    }

    private bool IsForUs(DnsQuestion question) =>
        (question.Name == ServiceName && question.Type is DnsType.Ptr or DnsType.Any)
        || (_name is { } name && (question.Name == InstanceOf(name) || question.Name == HostOf(name)));

    private void Learn(LanLink link, IPAddress source, DnsMessage message, TimeSpan now)
    {
        // A name costs a hash for each space and invitation of ours: a liar's packet of 128 records should not ask for 128 times as much.
        foreach (var pointer in message.Records.OfType<DnsRecord.Pointer>().Where(static one => one.Name == ServiceName)
            .DistinctBy(static one => one.Target).Take(NamesPerPacketMax))
        {
            var name = pointer.Target.EndsWith("." + ServiceName, StringComparison.Ordinal) ? pointer.Target[..^(ServiceName.Length + 1)] : "";
            if (!IsName(name) || name == _name || _oldNames.Contains(name))
            {
                continue;
            }

            if (pointer.Seconds == 0)
            {
                _table.Forget(name, source);
                continue;
            }

            var service = message.Records.OfType<DnsRecord.Service>().FirstOrDefault(one => one.Name == pointer.Target);
            var text = message.Records.OfType<DnsRecord.Text>().FirstOrDefault(one => one.Name == pointer.Target);
            if (service is { Port: > 0 } && text is not null)
            {
                var until = now + TimeSpan.FromSeconds(Math.Clamp(pointer.Seconds, 1, options.RecordSeconds));
                IPAddress[] named = [.. message.Records.OfType<DnsRecord.Address>().Where(one => one.Name == service.Host)
                    .Select(static one => one.Value).Where(LanAddress.IsOfOneHost).Select(one => LanAddress.OnLink(one, link.Interface))];
                var isKnown = IsKnown(name, text);
                foreach (var address in AddressesOf(named, source))
                {
                    var sighting = new LanSighting(name, PeerAddress.TcpHost.From(new(address, service.Port)), isKnown) { IsHearsay = !address.Equals(source) };
                    _table.Add(sighting, source, [.. named.Take(options.AddressesMax)], until);
                }
            }
            else if (MayAskOn(now))
            {
                // Others split their answers; ours never does.
                _output.Add(new(link, null, DnsCodec.WriteQuery(
                    new DnsQuestion(ServiceName, DnsType.Ptr, true), new DnsQuestion(pointer.Target, DnsType.Any, true))));
            }
        }
    }

    /// <summary>Whether one more question may follow an answer cut in parts: whoever sends many gets few.</summary>
    private bool MayAskOn(TimeSpan now)
    {
        if (now - _askedOnSince >= options.AnswerPause)
        {
            (_askedOnSince, _askedOn) = (now, 0);
        }

        return _askedOn++ < options.FollowUpsMax;
    }

    /// <summary>
    /// The address the packet came from, if that is among those named or none is. Else one of each family, since this device may
    /// have one alone; of IPv6 one that means something on other links too, if there is such.
    /// </summary>
    private static IEnumerable<IPAddress> AddressesOf(IPAddress[] named, IPAddress source) =>
        named.Length == 0 || named.Contains(source)
            ? [source]
            : named.OrderBy(static one => one.IsIPv6LinkLocal).DistinctBy(static one => one.AddressFamily);

    private bool IsKnown(string name, DnsRecord.Text text)
    {
        if (!text.Strings.Any(static one => one.Span.SequenceEqual("v=1"u8)))
        {
            return false;
        }

        var ours = tagsOf(name, false).Select(static tag => tag.Value).ToHashSet();
        Span<byte> bytes = stackalloc byte[8];
        foreach (var one in text.Strings.Take(options.TagsMax + 1))
        {
            if (one.Length == TagPrefix.Length + 16 && one.Span.StartsWith("t="u8)
                && Convert.FromHexString(Encoding.ASCII.GetString(one.Span[TagPrefix.Length..]), bytes, out _, out _) == System.Buffers.OperationStatus.Done
                && ours.Contains(BinaryPrimitives.ReadUInt64BigEndian(bytes)))
            {
                return true;
            }
        }

        return false;
    }

    private LanOutput[] Take()
    {
        LanOutput[] output = [.. _output];
        _output.Clear();
        return output;
    }
}
