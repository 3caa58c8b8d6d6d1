using System.Net;

namespace Replica.Transport.Discovery;

/// <summary>What was heard on the local network: those with a tag of ours, and a few of the others to be shown.</summary>
internal sealed class LanTable(LanOptions options)
{
    private readonly Dictionary<string, List<Entry>> _known = new(StringComparer.Ordinal);
    private readonly List<Entry> _strangers = [];
    private readonly List<(LanSighting Sighting, bool IsGone)> _news = [];

    /// <summary>Those with a tag of ours.</summary>
    public IReadOnlyList<LanSighting> Known => [.. _known.Values.SelectMany(static entries => entries.Select(static one => one.Sighting))];

    /// <summary>The last few without one.</summary>
    public IReadOnlyList<LanSighting> Strangers => [.. _strangers.Select(static one => one.Sighting)];

    /// <summary>When the next one runs out.</summary>
    public TimeSpan? NextExpiry => _known.Values.SelectMany(static entries => entries).Select(static one => (TimeSpan?)one.Until).Min();

    /// <summary>Keeps a sighting.</summary>
    /// <param name="sighting">What was heard.</param>
    /// <param name="source">Where the packet came from.</param>
    /// <param name="named">The addresses that the packet named.</param>
    /// <param name="until">How long it holds.</param>
    public void Add(LanSighting sighting, IPAddress source, IReadOnlyList<IPAddress> named, TimeSpan until)
    {
        if (!sighting.IsKnown)
        {
            AddStranger(new(sighting, source) { Until = until, Named = named });
            return;
        }

        if (!sighting.IsHearsay)
        {
            // A newcomer was a stranger under its last name.
            _ = _strangers.RemoveAll(one => one.Sighting.Address == sighting.Address);
        }

        if (!_known.TryGetValue(sighting.Instance, out var entries))
        {
            if (_known.Count >= options.KnownMax)
            {
                // Names that were true once can be repeated for ever; the one that was heard longest ago goes.
                var (stale, gone) = _known.MinBy(static pair => pair.Value.Max(static one => one.Until));
                Drop(stale, gone, static _ => true);
            }

            _known.Add(sighting.Instance, entries = []);
        }

        if (entries.Find(one => one.Sighting.Address == sighting.Address) is { } known)
        {
            known.Until = until;
            if (!known.Sighting.IsHearsay || sighting.IsHearsay)
            {
                known.Named = sighting.IsHearsay ? known.Named : named;
                return;
            }

            _ = entries.Remove(known);
        }

        if (entries.Count >= options.AddressesMax)
        {
            // Liars may repeat a true name from many addresses. What speaks for itself stays longer than hearsay, the newer
            // longer than the older: each is dialled as soon as it is heard, and the true one is heard again and again.
            var oldest = entries.Find(static one => one.Sighting.IsHearsay) ?? entries[0];
            _news.Add((oldest.Sighting, true));
            _ = entries.Remove(oldest);
        }

        var added = new Entry(sighting, source) { Until = until, Named = named };
        var twin = entries.Find(one => !sighting.IsHearsay && !one.Sighting.IsHearsay && one.Named.Contains(source) && named.Contains(one.Source));
        entries.Add(added);
        _news.Add((sighting with { Beside = twin?.Sighting.Address }, false));
    }

    /// <summary>A name was taken back; only what came from there goes, since anybody can say goodbye in another's name.</summary>
    public void Forget(string instance, IPAddress source)
    {
        _ = _strangers.RemoveAll(one => one.Sighting.Instance == instance && one.Source.Equals(source));
        if (_known.TryGetValue(instance, out var entries))
        {
            Drop(instance, entries, one => one.Source.Equals(source));
        }
    }

    /// <summary>Drops what ran out.</summary>
    public void Expire(TimeSpan now)
    {
        _ = _strangers.RemoveAll(one => one.Until <= now);
        foreach (var (instance, entries) in _known.ToArray())
        {
            Drop(instance, entries, one => one.Until <= now);
        }
    }

    /// <summary>Drops link-local addresses on interfaces that are gone: their numbers may soon be another's.</summary>
    /// <param name="indices">The interfaces that are there.</param>
    public void ForgetOtherLinks(IReadOnlyCollection<int> indices)
    {
        foreach (var (instance, entries) in _known.ToArray())
        {
            Drop(instance, entries, one => one.Sighting.Address is PeerAddress.TcpHost { Literal: { IsIPv6LinkLocal: true } own }
                && !indices.Contains((int)own.ScopeId));
        }
    }

    /// <summary>What has come and gone since the last time.</summary>
    public IReadOnlyList<(LanSighting Sighting, bool IsGone)> TakeNews()
    {
        (LanSighting, bool)[] news = [.. _news];
        _news.Clear();
        return news;
    }

    private void AddStranger(Entry stranger)
    {
        // Names change; one address is one stranger, and none where a member has spoken for itself.
        _ = _strangers.RemoveAll(one => one.Sighting.Address == stranger.Sighting.Address);
        if (_known.Values.Any(entries => entries.Exists(one => !one.Sighting.IsHearsay && one.Sighting.Address == stranger.Sighting.Address)))
        {
            return;
        }

        if (_strangers.Count >= options.StrangersMax)
        {
            _strangers.RemoveAt(0);
        }

        _strangers.Add(stranger);
    }

    private void Drop(string instance, List<Entry> entries, Predicate<Entry> isDropped)
    {
        _news.AddRange(entries.FindAll(isDropped).Select(static one => (one.Sighting, true)));
        _ = entries.RemoveAll(isDropped);
        if (entries.Count == 0)
        {
            _ = _known.Remove(instance);
        }
    }

    private sealed class Entry(LanSighting sighting, IPAddress source)
    {
        public LanSighting Sighting => sighting;

        public IPAddress Source => source;

        public TimeSpan Until { get; set; }

        public required IReadOnlyList<IPAddress> Named { get; set; }
    }
}
