using Replica.Testing;
using Replica.Tests.Properties.Store.Disks;

namespace Replica.Tests.Properties.Store.Crashes;

/// <summary>What may be left of a disk: it follows the operations, and knows which of them the disk had to keep.</summary>
internal sealed class PowerCut
{
    private const int SectorBytes = 512;

    private readonly Dictionary<string, byte[]> _kept = [];
    private readonly Dictionary<string, List<DiskOperation>> _pending = [];
    private readonly HashSet<string> _names = [];
    private readonly HashSet<string> _keptNames = [];
    private readonly Chance _chance;

    /// <param name="chance">Decides what is left.</param>
    /// <param name="files">What was on the disk at the beginning, all of it kept; nothing for an empty disk.</param>
    public PowerCut(Chance chance, IReadOnlyDictionary<string, byte[]>? files = null)
    {
        _chance = chance;
        foreach (var (path, content) in files ?? new Dictionary<string, byte[]>())
        {
            _ = _names.Add(path);
            _ = _keptNames.Add(path);
            _kept[path] = content;
            _pending[path] = [];
        }
    }

    /// <summary>One more operation was asked for and done.</summary>
    public void Follow(DiskOperation operation)
    {
        switch (operation.Kind)
        {
            case DiskOperationKind.Create:
                _ = _names.Add(operation.Path);
                _kept[operation.Path] = [];
                _pending[operation.Path] = [];
                break;
            case DiskOperationKind.Delete:
                _ = _names.Remove(operation.Path);
                break;
            case DiskOperationKind.Sync:
                _kept[operation.Path] = Apply(_kept[operation.Path], _pending[operation.Path]);
                _pending[operation.Path].Clear();
                // SQLite flushes the folder with the first sync of a journal; names are settled by any.
                _keptNames.Clear();
                _keptNames.UnionWith(_names);
                break;
            case DiskOperationKind.FailedSync:
                // The system has given these up: a later sync that succeeds says nothing of them.
                _kept[operation.Path] = Cut(_kept[operation.Path], _pending[operation.Path]);
                _pending[operation.Path].Clear();
                break;
            default:
                _pending[operation.Path].Add(operation);
                break;
        }
    }

    /// <summary>The disk when only the process died: everything is there.</summary>
    public Dictionary<string, byte[]> AfterKill() => _names.ToDictionary(static name => name, name => Apply(_kept[name], _pending[name]));

    /// <summary>The disk when the power went: of what was not synced anything may be there, in any order, or half.</summary>
    public Dictionary<string, byte[]> AfterPowerCut()
    {
        var files = new Dictionary<string, byte[]>();
        foreach (var name in _names.Union(_keptNames).Order(StringComparer.Ordinal))
        {
            // A name that was made or deleted and not settled is there or not.
            if (_names.Contains(name) == _keptNames.Contains(name) || _chance.Below(2) == 0)
            {
                files.Add(name, Cut(_kept[name], _pending[name]));
            }
        }

        return files;
    }

    private byte[] Cut(byte[] kept, List<DiskOperation> pending)
    {
        switch (_chance.Below(6))
        {
            case 0:
                return kept;
            case 1:
                return Apply(kept, pending);
            case 2:
                return Apply(kept, pending[.._chance.Below(pending.Count + 1)]);
            case 3 when pending.Count > 0:
                // In order, and the last one torn at a sector.
                var count = _chance.Below(pending.Count);
                var torn = pending[count];
                var length = _chance.Below((torn.Bytes.Length / SectorBytes) + 1) * SectorBytes;
                return Apply(Apply(kept, pending[..count]), torn.Kind == DiskOperationKind.Write ? [torn with { Bytes = torn.Bytes[..length] }] : []);
            case 4:
                return Apply(kept, pending.Where(_ => _chance.Below(2) == 0));
            default:
                return BySector(kept, pending);
        }
    }

    /// <summary>Each sector as it was at a moment of its own, and the length at another.</summary>
    private byte[] BySector(byte[] kept, List<DiskOperation> pending)
    {
        var versions = new List<byte[]> { kept };
        foreach (var operation in pending.TakeLast(24))
        {
            versions.Add(Apply(versions[^1], [operation]));
        }

        var result = new byte[versions[_chance.Below(versions.Count)].Length];
        for (var at = 0; at < result.Length; at += SectorBytes)
        {
            var version = versions[_chance.Below(versions.Count)];
            var length = Math.Min(SectorBytes, Math.Min(result.Length, version.Length) - at);
            if (length > 0)
            {
                version.AsSpan(at, length).CopyTo(result.AsSpan(at));
            }
        }

        return result;
    }

    private static byte[] Apply(byte[] content, IEnumerable<DiskOperation> operations)
    {
        var file = new DiskFile("", [.. content]);
        foreach (var operation in operations)
        {
            if (operation.Kind == DiskOperationKind.Truncate)
            {
                file.Truncate(operation.Offset);
            }
            else
            {
                file.Write(operation.Bytes, operation.Offset);
            }
        }

        return file.ToArray();
    }
}
