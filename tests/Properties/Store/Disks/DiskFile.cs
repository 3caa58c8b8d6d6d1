using System.Runtime.InteropServices;

namespace Replica.Tests.Properties.Store.Disks;

/// <summary>A file of a simulated disk: its bytes, who has locked it, and the memory that its connections share.</summary>
internal sealed class DiskFile(string path, byte[] content)
{
    private const int SharedLocks = 8;

    private readonly List<nint> _regions = [];
    private readonly int[] _shared = new int[SharedLocks];
    private readonly bool[] _exclusive = new bool[SharedLocks];
    private byte[] _content = content;

    public string Path => path;

    public long Length { get; private set; } = content.Length;

    public List<OpenDiskFile> Openers { get; } = [];

    public byte[] ToArray() => _content[..(int)Length];

    public int Read(Span<byte> target, long offset)
    {
        var count = (int)Math.Clamp(Length - offset, 0, target.Length);
        _content.AsSpan((int)Math.Min(offset, Length), count).CopyTo(target);
        target[count..].Clear();
        return count;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        var end = offset + bytes.Length;
        if (end > _content.Length)
        {
            Array.Resize(ref _content, (int)Math.Max(end, _content.Length * 2L));
        }

        bytes.CopyTo(_content.AsSpan((int)offset));
        Length = Math.Max(Length, end);
    }

    public void Truncate(long length)
    {
        if (length < Length)
        {
            _content.AsSpan((int)length, (int)(Length - length)).Clear();
        }
        else
        {
            Write([], length);
        }

        Length = length;
    }

    /// <summary>Takes a lock of SQLite's rollback protocol, which in WAL mode guards opening and closing.</summary>
    public bool TryLock(OpenDiskFile opener, int level)
    {
        var others = Openers.Where(other => other != opener).ToArray();
        var isFree = level switch
        {
            1 => others.All(static other => other.Lock < 3),
            2 => others.All(static other => other.Lock < 2),
            _ => others.All(static other => other.Lock == 0),
        };
        opener.Lock = isFree ? Math.Max(opener.Lock, level) : opener.Lock;
        return isFree;
    }

    public bool TryLockShared(OpenDiskFile opener, int first, int count, bool isExclusive)
    {
        for (var i = first; i < first + count; i++)
        {
            var bit = 1 << i;
            if ((isExclusive && (_shared[i] > ((opener.SharedMask & bit) != 0 ? 1 : 0) || (_exclusive[i] && (opener.ExclusiveMask & bit) == 0)))
                || (!isExclusive && _exclusive[i] && (opener.ExclusiveMask & bit) == 0))
            {
                return false;
            }
        }

        for (var i = first; i < first + count; i++)
        {
            var bit = 1 << i;
            if (isExclusive)
            {
                _exclusive[i] = true;
                opener.ExclusiveMask |= bit;
            }
            else if ((opener.SharedMask & bit) == 0)
            {
                _shared[i]++;
                opener.SharedMask |= bit;
            }
        }

        return true;
    }

    public void UnlockShared(OpenDiskFile opener, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            var bit = 1 << i;
            if ((opener.SharedMask & bit) != 0)
            {
                _shared[i]--;
            }

            if ((opener.ExclusiveMask & bit) != 0)
            {
                _exclusive[i] = false;
            }

            opener.SharedMask &= ~bit;
            opener.ExclusiveMask &= ~bit;
        }
    }

    public unsafe nint Region(int index, int size, bool mayExtend)
    {
        while (mayExtend && _regions.Count <= index)
        {
            _regions.Add((nint)NativeMemory.AllocZeroed((nuint)size));
        }

        return index < _regions.Count ? _regions[index] : 0;
    }

    public unsafe void FreeRegions()
    {
        _regions.ForEach(static region => NativeMemory.Free((void*)region));
        _regions.Clear();
    }
}
