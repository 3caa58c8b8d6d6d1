using System.Net.NetworkInformation;

namespace Replica.Transport;

/// <summary>Looks at the network interfaces of this computer while they may come and go.</summary>
public static class NetworkLook
{
    // Where interfaces are made and removed all the time, one look in some thousands fails.
    private const int TriesMax = 8;

    /// <summary>
    /// Looks, and again if the system's answer can't be read: of an interface that goes in the middle of it the runtime reads an
    /// address that is none, and throws.
    /// </summary>
    /// <param name="look">Asks the system; what it returns must not ask again later.</param>
    /// <exception cref="Exception">What the system or the look threw, eight times in a row.</exception>
    public static T Take<T>(Func<T> look)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return look();
            }
            catch (Exception fault) when (tries < TriesMax && fault is (ArgumentException or NetworkInformationException))
            {
                // The next look finds it whole or gone.
            }
        }
    }
}
