# Copyright the Stillframe authors
# SPDX-License-Identifier: Apache-2.0
#
# A guest of two boot sectors that knows what its memory must hold.
#
# It fills one or two ranges of memory with words that follow from their address, a seed and a
# generation, prints "filled", and then checks every word, round after round, printing
# "ok XXXXXXXX" (the number of the round, in hex) on the first serial port after each. At the first
# wrong word it prints "BAD XXXXXXXXXXXXXXXX" (its address) and halts for ever.
#
#   mode 0   only checks: memory is never written again after the fill
#   mode 1   replaces each word, as soon as it is checked, by the word of the next generation:
#            below the place where the round stands memory is one generation ahead of the rest,
#            so that a page of any other time is found
#
#   pattern 0   each word is a mix of its own address: does not compress
#   pattern 1   each word is a mix of the address of its page: every page is unlike every other,
#               but compresses to almost nothing
#
# The BIOS loads the first sector, which loads the second. The disk image must be padded to 1 MiB:
# the BIOS does not read a disk of less than a cylinder.
#
# It runs in long mode with the first 64 GiB mapped one to one, without interrupts, and after the
# start without the BIOS. All it knows is in registers and in the memory it checks, so that it can
# be saved at any instruction and go on elsewhere. It uses, besides the ranges, memory below 1 MiB.
#
# tools/assemble-guest makes boot-sector.hex of this file.

        .intel_syntax noprefix
        .set    origin, 0x7c00          # where the BIOS puts the sector
        .set    com1, 0x3f8
        .set    tables, 0x10000         # page map, directory pointers, then 64 directories
        .set    gigabytes, 64           # how much is mapped

        .code16
sector: jmp     short start

        # What the launcher may patch. Addresses are of bytes, multiples of 8; an end of 0 says that
        # a range is not used. No range may begin below 1 MiB, and none may reach into the last
        # 4 MiB below the end of the memory below 4 GiB, where the BIOS keeps its tables.
        .org    8
ranges: .quad   0x100000, 0x1100000     # 8: first range, start and end
        .quad   0x100000000, 0          # 24: second range, for memory above 4 GiB
ranges_end:
seed:   .quad   0x5354494c4c46524d      # 40
mode:   .byte   0                       # 48: 0 checks, 1 checks and rewrites
pattern:
        .byte   0                       # 49: 0 random, 1 compressible

start:  xor     ax, ax
        mov     ds, ax
        mov     ah, 0x42                # extended read; dl is the drive that the BIOS has booted
        mov     si, second - sector + origin
        int     0x13
        jc      failed
        cli
        in      al, 0x92                # address line 20 on
        or      al, 2
        out     0x92, al
        lgdt    [gdt_pointer - sector + origin]
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax                # protected mode
        .byte   0xea                    # far jump
        .word   protected - sector + origin, 0x08

failed: hlt
        jmp     failed

        .balign 4
second: .byte   16, 0                   # what to read: length of this, reserved
        .word   1                       # number of sectors
        .word   origin + 512, 0         # where to: offset, segment
        .quad   1                       # number of the first sector

        .code32
protected:
        mov     ax, 0x10
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     esp, origin
        cld

        # Page tables: pages of 2 MiB, because not every processor model has pages of 1 GiB.
        mov     ebx, tables
        mov     edi, ebx
        xor     eax, eax
        mov     ecx, (2 + gigabytes) * 1024
        rep stosd
        lea     eax, [ebx + 0x1003]     # present, writable
        mov     [ebx], eax
        lea     edi, [ebx + 0x1000]
        mov     ecx, gigabytes
1:      add     eax, 0x1000
        mov     [edi], eax
        add     edi, 8
        loop    1b
        lea     edi, [ebx + 0x2000]
        mov     eax, 0x83               # present, writable, large
        xor     edx, edx                # high half of the address
        mov     ecx, gigabytes * 512
2:      mov     [edi], eax
        mov     [edi + 4], edx
        add     edi, 8
        add     eax, 0x200000
        adc     edx, 0
        loop    2b

        mov     cr3, ebx
        mov     eax, cr4
        or      al, 0x20                # physical address extension
        mov     cr4, eax
        mov     ecx, 0xc0000080         # extended features: long mode
        rdmsr
        or      ah, 1
        wrmsr
        mov     eax, cr0
        or      eax, 0x80000000         # paging
        mov     cr0, eax
        .byte   0xea                    # far jump
        .long   long_mode - sector + origin
        .word   0x18

filled: .asciz  "filled"
ok:     .asciz  "ok "
wrong:  .asciz  "BAD "

        # The serial port: 115200 baud, 8 data bits, no parity, no interrupts.
uart:   .byte   com1 % 256 + 1, 0x00           # interrupt enable
        .byte   com1 % 256 + 3, 0x80           # line control: divisor latch
        .byte   com1 % 256 + 0, 0x01           # divisor, low
        .byte   com1 % 256 + 1, 0x00           # divisor, high
        .byte   com1 % 256 + 3, 0x03           # line control: 8 bits
        .byte   com1 % 256 + 2, 0x07           # queues on and empty
        .byte   com1 % 256 + 4, 0x03           # modem control: terminal ready, request to send
uart_end:

        # Flat segments. The first descriptor is not used and holds the pointer instead.
gdt:
gdt_pointer:
        .word   gdt_end - gdt - 1
        .long   gdt - sector + origin
        .word   0
        .quad   0x00cf9b000000ffff      # 0x08: code, 32 bits
        .quad   0x00cf93000000ffff      # 0x10: data
        .quad   0x00af9b000000ffff      # 0x18: code, 64 bits
gdt_end:

        .org    446                     # a partition table without partitions
        .org    510
        .word   0xaa55

        # Here the second sector begins.

        # r8 mask of the address, r9 key of this generation, r10 key of the next one,
        # r11 and r12 multipliers, r13 distance of keys, r14 number of the round
        .code64
long_mode:
        mov     esi, uart - sector + origin
        mov     ecx, (uart_end - uart) / 2
        mov     edx, com1
3:      lodsw                           # low byte of the port, value
        mov     dl, al
        mov     al, ah
        out     dx, al
        loop    3b

        mov     r8, -1
        cmp     byte ptr [pattern - sector + origin], 0
        je      4f
        mov     r8, -4096
4:      movabs  r11, 0xd6e8feb86659fd93
        movabs  r12, 0xc2b2ae3d27d4eb4f
        xor     r13d, r13d
        mov     r15d, check - sector + origin
        cmp     byte ptr [mode - sector + origin], 0
        je      5f
        movabs  r13, 0x9e3779b97f4a7c15
        mov     r15d, rewrite - sector + origin
5:      mov     r9, [seed - sector + origin]
        xor     r14d, r14d

        mov     ebx, fill - sector + origin
        call    each_range
        mov     esi, filled - sector + origin
        call    print
        call    print_line_end

round:  lea     r10, [r9 + r13]
        mov     rbx, r15
        call    each_range
        mov     r9, r10                 # if rewritten, all memory is of the next generation now
        inc     r14d
        mov     esi, ok - sector + origin
        call    print
        mov     rdi, r14
        shl     rdi, 32
        mov     cl, 8
        call    print_hex
        jmp     round

        # Calls rbx for each range in use, with its start in rdi and its end in rbp.
each_range:
        mov     esi, ranges - sector + origin
6:      lodsq
        mov     rdi, rax
        lodsq
        mov     rbp, rax
        test    rax, rax
        jz      7f
        call    rbx
7:      cmp     esi, ranges_end - sector + origin
        jb      6b
        ret

        # rax = the word that belongs to address rdi under \key. It is a bijection of the sum of
        # address and key: no two generations of a word are alike.
        .macro  expected key
        mov     rax, rdi
        and     rax, r8
        add     rax, \key
        imul    rax, r11
        mov     rdx, rax
        shr     rdx, 32
        xor     rax, rdx
        imul    rax, r12
        mov     rdx, rax
        shr     rdx, 29
        xor     rax, rdx
        .endm

fill:   expected r9
        stosq
        cmp     rdi, rbp
        jb      fill
        ret

check:  expected r9
        cmp     [rdi], rax
        jne     bad
        add     rdi, 8
        cmp     rdi, rbp
        jb      check
        ret

rewrite:
        expected r9
        cmp     [rdi], rax
        jne     bad
        expected r10
        stosq
        cmp     rdi, rbp
        jb      rewrite
        ret

bad:    mov     esi, wrong - sector + origin
        call    print
        mov     cl, 16
        call    print_hex
8:      hlt
        jmp     8b

        # Prints the text at rsi, which ends with a zero byte.
print:  lodsb
        test    al, al
        jz      9f
        call    print_byte
        jmp     print
9:      ret

        # Prints cl hex digits of rdi, the highest first, and ends the line.
print_hex:
        rol     rdi, 4
        mov     al, dil
        and     al, 15
        add     al, '0'
        cmp     al, '9'
        jbe     10f
        add     al, 'A' - '9' - 1
10:     call    print_byte
        dec     cl
        jnz     print_hex
print_line_end:
        mov     al, '\n'
print_byte:
        mov     ah, al
        mov     dx, com1 + 5            # line status
11:     in      al, dx
        test    al, 0x20                # room for a byte
        jz      11b
        mov     al, ah
        mov     dx, com1
        out     dx, al
        ret

        .org    1024
