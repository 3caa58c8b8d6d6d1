using System.Globalization;

namespace Replica.Bench;

/// <summary>The highest resident size of this process since it was last reset; Linux only.</summary>
internal static class PeakMemory
{
    private const string Status = "/proc/self/status";

    /// <summary>Begins anew with the present size. Without the right to do so, peaks include earlier runs.</summary>
    public static void Reset()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Peak memory can't be reset ({denied.Message}): the figures include earlier runs.");
        }
    }

    /// <summary>Bytes; null where the system does not say.</summary>
    public static long? Read()
    {
        if (!File.Exists(Status))
        {
            return null;
        }

        var line = File.ReadLines(Status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        var parts = line?.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return parts is { Length: 3 } ? long.Parse(parts[1], CultureInfo.InvariantCulture) * 1024 : null;
    }
}
